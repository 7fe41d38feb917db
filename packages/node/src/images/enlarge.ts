import type { Side } from './placement.ts'
import type { Interpolation } from './preprocessing.ts'

/**
 * Pixels, `height × width × 3`. libvips shrinks as Pillow does (0.2 of 255 apart on photographs) but enlarges on a grid
 * that is half a pixel off (5 of 255), so sharp shrinks and this enlarges.
 */
export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** Part of one side of an image that is to be enlarged. */
export interface EnlargedSide extends Side {
  /** Pixels of the whole side before. */
  readonly before: number
  /** Where in it the pixels at hand begin. */
  readonly from: number
}

/**
 * Enlarges pixels on sides that grow, with pixel centres at `i + ½`, as Pillow, PyTorch and TensorFlow 2 do; a side that
 * is null stays as it is.
 */
export function enlarge(
  pixels: Pixels,
  x: EnlargedSide | null,
  y: EnlargedSide | null,
  interpolation: Interpolation,
): Pixels {
  const wide = x === null ? pixels : enlargeRows(pixels, x, interpolation)
  return y === null ? wide : enlargeColumns(wide, y, interpolation)
}

/** The pixels of a side of `before` that enlarging one part of it to `full` needs: from and up to, beyond the last. */
export function neededFor({ full, offset, length }: Side, before: number): { from: number; to: number } {
  const at = (place: number) => ((place + 0.5) * before) / full
  return {
    from: Math.max(0, Math.floor(at(offset)) - REACH),
    to: Math.min(before, Math.ceil(at(offset + length)) + REACH),
  }
}

/** Pixels on either side that the widest kernel looks at, and one to spare. */
const REACH = 4

/** For each place of the larger side, the first of `taps` places of the smaller one, and the weights of those. */
interface Taps {
  readonly count: number
  readonly from: Int32Array
  readonly weights: Float32Array
}

/** Radius of each kernel, and its value at a distance; bicubic is Keys' with a = −½. */
const kernels: Readonly<Record<Interpolation, { radius: number; at(distance: number): number }>> = {
  nearest: { radius: 0.5, at: (t) => (t >= -0.5 && t < 0.5 ? 1 : 0) },
  bilinear: { radius: 1, at: (t) => Math.max(0, 1 - Math.abs(t)) },
  bicubic: { radius: 2, at: (t) => keys(Math.abs(t)) },
  lanczos: { radius: 3, at: (t) => (Math.abs(t) < 3 ? sinc(t) * sinc(t / 3) : 0) },
}

const keys = (t: number): number =>
  t < 1 ? (1.5 * t - 2.5) * t * t + 1 : t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0
const sinc = (t: number): number => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t))

function tapsOf({ before, from: start, full, offset, length }: EnlargedSide, have: number, how: Interpolation): Taps {
  const { radius, at } = kernels[how]
  const nearest = how === 'nearest'
  const count = Math.min(have, nearest ? 1 : 2 * radius + 1)
  const from = new Int32Array(length)
  const weights = new Float32Array(length * count)
  for (let i = 0; i < length; i++) {
    const centre = ((offset + i + 0.5) * before) / full - start
    const first = Math.floor(nearest ? centre : centre - radius)
    from[i] = Math.max(0, Math.min(have - count, first))
    const row = weights.subarray(i * count, (i + 1) * count)
    row.forEach((_, k) => {
      row[k] = nearest ? 1 : at(from[i]! + k + 0.5 - centre)
    })
    const total = row.reduce((a, b) => a + b, 0)
    row.forEach((weight, k) => {
      row[k] = weight / total
    })
  }
  return { count, from, weights }
}

function enlargeRows({ data, width: small, height }: Pixels, side: EnlargedSide, how: Interpolation): Pixels {
  const { count, from, weights } = tapsOf(side, small, how)
  const width = side.length
  const result = new Uint8ClampedArray(3 * width * height)
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      let i = 3 * (y * small + from[x]!)
      let [r, g, b] = [0, 0, 0]
      for (let k = x * count; k < (x + 1) * count; k++, i += 3) {
        const weight = weights[k]!
        r += weight * data[i]!
        g += weight * data[i + 1]!
        b += weight * data[i + 2]!
      }
      result[o] = r
      result[o + 1] = g
      result[o + 2] = b
    }
  }
  return { data: new Uint8Array(result.buffer), width, height }
}

function enlargeColumns({ data, width, height: small }: Pixels, side: EnlargedSide, how: Interpolation): Pixels {
  const { count, from, weights } = tapsOf(side, small, how)
  const height = side.length
  const stride = 3 * width
  const result = new Uint8ClampedArray(stride * height)
  const row = new Float32Array(stride)
  for (let y = 0; y < height; y++) {
    row.fill(0)
    for (let k = 0; k < count; k++) {
      const weight = weights[y * count + k]!
      const begin = (from[y]! + k) * stride
      for (let i = 0; i < stride; i++) row[i]! += weight * data[begin + i]!
    }
    result.set(row, y * stride)
  }
  return { data: new Uint8Array(result.buffer), width, height }
}
