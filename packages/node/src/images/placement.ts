import type { Preprocessing } from './preprocessing.ts'
import type { DrawnView } from './view.ts'

/** One side of an image: resized to `full` pixels, of which those from `offset` on are kept, `length` of them. */
export interface Side {
  readonly full: number
  readonly offset: number
  readonly length: number
}

/** How an image is resized and cut. */
export interface Placement {
  readonly x: Side
  readonly y: Side
}

/** Places an image of `width × height` pixels, or the part of it that a view has drawn, in the network's input. */
export function placementOf(
  width: number,
  height: number,
  preprocessing: Preprocessing,
  crop: DrawnView['crop'] = null,
): Placement {
  const { width: w, height: h, resize, cropShare } = preprocessing
  if (crop !== null) return { x: part(w, crop.left, crop.width), y: part(h, crop.top, crop.height) }
  if (resize === 'stretch') return { x: centre(w / cropShare, w), y: centre(h / cropShare, h) }
  const scale = Math.max(w / cropShare / width, h / cropShare / height)
  return { x: centre(width * scale, w), y: centre(height * scale, h) }
}

/** The middle `length` pixels of a side; rounded as torchvision and Hugging Face's processors do, down. */
function centre(resized: number, length: number): Side {
  // Products such as 0.875 · 256 miss whole numbers by a rounding error.
  const full = Math.max(length, Math.floor(resized + 1e-6))
  return { full, offset: Math.floor((full - length) / 2), length }
}

/** The part of a side from `start`, `share` of the whole, brought to `length` pixels. */
function part(length: number, start: number, share: number): Side {
  const full = Math.max(length, Math.round(length / share))
  return { full, offset: Math.min(full - length, Math.round(start * full)), length }
}
