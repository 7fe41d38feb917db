import { GREY } from './colour-change.ts'
import { type Preprocessing, pixelCount } from './preprocessing.ts'

/** Writes RGB pixels into a tensor from place `at` on, as values of the network: `(pixel · scale − mean) / std`. */
export type PixelWriter = (rgb: Uint8Array, out: Float32Array, at: number) => void

/** Prepares the writing; the values of all 256 pixels are computed once. */
export function pixelWriter(preprocessing: Preprocessing): PixelWriter {
  const { channels, layout, scale, mean, std } = preprocessing
  const valueAt = (pixel: number, channel: number) =>
    (pixel * scale - (mean[channel] ?? mean[0]!)) / (std[channel] ?? std[0]!)
  const count = pixelCount(preprocessing)
  if (channels === 'grey') {
    const factor = scale / std[0]!
    const [r, g, b] = GREY.map((weight) => weight * factor) as [number, number, number]
    const offset = mean[0]! / std[0]!
    return (rgb, out, at) => {
      for (let i = 0, o = at; o < at + count; i += 3, o++)
        out[o] = r * rgb[i]! + g * rgb[i + 1]! + b * rgb[i + 2]! - offset
    }
  }
  // Channel c of the network is this channel of the pixels.
  const taken = channels === 'rgb' ? [0, 1, 2] : [2, 1, 0]
  const tables = taken.map((_, c) => Float32Array.from({ length: 256 }, (_, pixel) => valueAt(pixel, c)))
  const [place, step] = layout === 'nchw' ? [count / 3, 1] : [1, 3]
  return (rgb, out, at) => {
    for (let c = 0; c < 3; c++) {
      const table = tables[c]!
      for (let i = taken[c]!, o = at + c * place; i < count; i += 3, o += step) out[o] = table[rgb[i]!]!
    }
  }
}
