import sharp, { type KernelEnum, type Metadata } from 'sharp'
import { type EnlargedSide, enlarge, neededFor } from './enlarge.ts'
import { gateOf } from './gate.ts'
import type { ImageFault } from './image-bytes.ts'
import { placementOf, type Side } from './placement.ts'
import type { Interpolation, Preprocessing } from './preprocessing.ts'
import type { DrawnView } from './view.ts'

/** More pixels than this are not decoded: 800 MB as RGB, which formats that cannot be read row by row need at once. */
const LARGEST_IMAGE = 2 ** 28
/** Pixels of all images that are decoded at one time; a larger image is decoded alone. */
const DECODED_AT_ONCE = 2 ** 26
const WHITE = '#ffffff'
const KINDS = new Set(['uchar', 'ushort'])

const kernels: Readonly<Record<Interpolation, keyof KernelEnum>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos: 'lanczos3',
}

// libvips keeps results of its operations for whoever asks for the same again. Nobody does: every image is decoded once, and
// the bookkeeping took 8 % of the time.
sharp.cache(false)

const damaged = 'it is damaged or cut short'
const gate = gateOf(DECODED_AT_ONCE)

/**
 * Decodes an image in any form that sharp reads to RGB pixels (`height × width × 3`) of the size that the network takes:
 * turned as EXIF says, colours brought to sRGB by its profile (CMYK too), 16 bits to 8, transparent parts blended over
 * white, the first picture of an animation. Never throws for what is wrong with the bytes: that comes as a fault.
 */
export async function decodePixels(
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  crop: DrawnView['crop'] = null,
): Promise<Uint8Array | ImageFault> {
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: Error) => faultOf(error))
  if ('reason' in header) return header
  const fault = headerFault(header)
  if (fault !== undefined) return fault
  return gate(header.width * header.height, async () => {
    try {
      return await resized(bytes, header, preprocessing, crop, 'warning')
    } catch (error) {
      if (!isHarmless(error as Error)) return faultOf(error as Error)
      return resized(bytes, header, preprocessing, crop, 'truncated').catch(faultOf)
    }
  })
}

async function resized(
  bytes: Uint8Array,
  { autoOrient: { width, height } }: Metadata,
  preprocessing: Preprocessing,
  crop: DrawnView['crop'],
  failOn: 'warning' | 'truncated',
): Promise<Uint8Array> {
  const { x, y } = placementOf(width, height, preprocessing, crop)
  const [across, down] = [divided(x, width), divided(y, height)]
  const { data, info } = await sharp(bytes, { failOn, limitInputPixels: LARGEST_IMAGE, autoOrient: true })
    .flatten({ background: WHITE })
    .resize(across.shrunk, down.shrunk, {
      fit: 'fill',
      kernel: kernels[preprocessing.interpolation],
      // Shrinking a JPEG by more while it is decoded takes 15 % less time, and twice as far from what Pillow gives.
      fastShrinkOnLoad: false,
    })
    .extract({ left: across.from, top: down.from, width: across.kept, height: down.kept })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`)
  const pixels = { data, width: info.width, height: info.height }
  return enlarge(pixels, across.enlarged, down.enlarged, preprocessing.interpolation).data
}

/** What sharp does of one side (shrinks it, then keeps a part), and what is left to be enlarged. */
interface DividedSide {
  readonly shrunk: number
  readonly from: number
  readonly kept: number
  readonly enlarged: EnlargedSide | null
}

function divided(side: Side, before: number): DividedSide {
  if (side.full <= before) return { shrunk: side.full, from: side.offset, kept: side.length, enlarged: null }
  const { from, to } = neededFor(side, before)
  return { shrunk: before, from, kept: to - from, enlarged: { ...side, before, from } }
}

function headerFault({ width, height, depth }: Metadata): ImageFault | undefined {
  if (!(width > 0 && height > 0)) return { reason: damaged }
  if (width * height > LARGEST_IMAGE) return { reason: 'it has more than 268 million pixels: shrink it first' }
  if (KINDS.has(depth)) return undefined
  return { reason: `its pixels are no numbers of 8 or 16 bits (but ${depth}): save it in another form` }
}

/** Cameras and editors leave bytes between the parts of a JPEG, which all decoders pass over. */
const isHarmless = ({ message }: Error): boolean => /extraneous bytes before marker/.test(message)

function faultOf({ message }: Error): ImageFault {
  if (/unsupported image format/i.test(message)) return { reason: 'its content is no image in a form that is read' }
  if (/pixel limit|dimensions? exceed/i.test(message)) return { reason: 'it has too many pixels: shrink it first' }
  return { reason: damaged }
}
