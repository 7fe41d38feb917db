import type { Random } from '../../../tensor/index.ts'
import type { View } from '../trainer/domain-batches.ts'
import type { ImageDims } from './image-dims.ts'

/**
 * Moves each image by a whole number of pixels, up to `part` of its height and width either way, all its channels alike;
 * what comes into sight repeats the edge.
 */
export function shifted([channels, height, width]: ImageDims, part: number): View {
  const [down, across] = [Math.round(part * height), Math.round(part * width)]
  const by = (most: number, random: Random) => random.integer(2 * most + 1) - most
  return (rows, count, random) => {
    const result = new Float32Array(rows.length)
    for (let i = 0; i < count; i++) {
      const [y0, x0] = [by(down, random), by(across, random)]
      for (let c = 0; c < channels; c++) {
        const at = (i * channels + c) * height * width
        for (let y = 0; y < height; y++) {
          const from = at + within(y - y0, height) * width
          for (let x = 0; x < width; x++) result[at + y * width + x] = rows[from + within(x - x0, width)]!
        }
      }
    }
    return result
  }
}

const within = (place: number, size: number): number => Math.min(Math.max(place, 0), size - 1)
