import type { View } from '../trainer/domain-batches.ts'
import type { ImageDims } from './image-dims.ts'

/** How far an image may be turned and stretched. */
export interface Warp {
  /** Degrees either way. */
  readonly turn: number
  /** The part by which height and width, each by itself, may grow or shrink. */
  readonly stretch: number
}

/**
 * Turns each image about its middle and stretches it, all its channels alike, by values interpolated between the four
 * nearest pixels; what comes into sight repeats the edge.
 */
export function warped([channels, height, width]: ImageDims, { turn, stretch }: Warp): View {
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2]
  const clamped = (place: number, size: number) => Math.min(Math.max(place, 0), size - 1)
  return (rows, count, random) => {
    const result = new Float32Array(rows.length)
    const any = (most: number) => most * (2 * random.uniform() - 1)
    for (let i = 0; i < count; i++) {
      const angle = (any(turn) * Math.PI) / 180
      const [tall, wide] = [1 / (1 + any(stretch)), 1 / (1 + any(stretch))]
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [dy, dx] = [y - middleY, x - middleX]
          const fromY = clamped(middleY + tall * (cosine * dy - sine * dx), height)
          const fromX = clamped(middleX + wide * (sine * dy + cosine * dx), width)
          const [top, left] = [Math.floor(fromY), Math.floor(fromX)]
          const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)]
          const [v, u] = [fromY - top, fromX - left]
          for (let c = 0; c < channels; c++) {
            const at = (i * channels + c) * height * width
            const pixel = (row: number, column: number) => rows[at + row * width + column]!
            const above = (1 - u) * pixel(top, left) + u * pixel(top, right)
            const below = (1 - u) * pixel(bottom, left) + u * pixel(bottom, right)
            result[at + y * width + x] = (1 - v) * above + v * below
          }
        }
      }
    }
    return result
  }
}
