import type { View } from '../trainer/domain-batches.ts'
import type { ImageDims } from './image-dims.ts'

/**
 * Covers a rectangle of each image (DeVries and Taylor 2017), `part` of its height by `part` of its width, by the mean of each
 * channel. Its middle is anywhere in the image, so that some of it may lie outside.
 */
export function cutout([channels, height, width]: ImageDims, part: number): View {
  const [tall, wide] = [Math.round(part * height), Math.round(part * width)]
  return (rows, count, random) => {
    const result = rows.slice()
    for (let i = 0; i < count; i++) {
      const top = random.integer(height) - Math.floor(tall / 2)
      const left = random.integer(width) - Math.floor(wide / 2)
      const [from, to] = [Math.max(left, 0), Math.min(left + wide, width)]
      for (let c = 0; c < channels; c++) {
        const at = (i * channels + c) * height * width
        const mean = rows.subarray(at, at + height * width).reduce((sum, value) => sum + value, 0) / (height * width)
        for (let y = Math.max(top, 0); y < Math.min(top + tall, height); y++) {
          result.fill(mean, at + y * width + from, at + y * width + to)
        }
      }
    }
    return result
  }
}
