import { InvalidInputError } from 'graft-learn'
import { changeColours } from './colour-change.ts'
import { decodePixels } from './decode-pixels.ts'
import { contentHash, type ImageFault, withImageBytes } from './image-bytes.ts'
import { mirror } from './mirror.ts'
import { type Preprocessing, pixelCount } from './preprocessing.ts'
import { pixelWriter } from './to-tensor.ts'
import { drawView, type View } from './view.ts'

/**
 * An image file as the values that a network takes (`pixelCount` of them, in its layout). With a view, a random part of
 * it, mirrored and recoloured. Throws `InvalidInputError` that says why it cannot be used; `imageBatches` skips such.
 */
export async function decodeImage(file: string, preprocessing: Preprocessing, view?: View): Promise<Float32Array> {
  const pixels = await filePixels(file, preprocessing, view)
  if ('reason' in pixels) throw new InvalidInputError(`the image cannot be used: ${pixels.reason}`, { file })
  const values = new Float32Array(pixelCount(preprocessing))
  pixelWriter(preprocessing)(pixels, values, 0)
  return values
}

/** The RGB pixels of a file at the network's size, or what is wrong with it. */
export async function filePixels(
  file: string,
  preprocessing: Preprocessing,
  view?: View,
): Promise<Uint8Array | ImageFault> {
  return withImageBytes(file, (bytes) => viewedPixels(bytes, preprocessing, view))
}

/** The same of a file's bytes; `content` is their hash, where it is known already. */
export async function viewedPixels(
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  view?: View,
  content?: string,
): Promise<Uint8Array | ImageFault> {
  if (view === undefined) return decodePixels(bytes, preprocessing)
  const drawn = drawView(view, content ?? contentHash(bytes))
  const pixels = await decodePixels(bytes, preprocessing, drawn.crop)
  if ('reason' in pixels) return pixels
  changeColours(pixels, drawn)
  if (drawn.flip) mirror(pixels, preprocessing.width)
  return pixels
}
