import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../tensor/index.ts'
import type { View } from '../trainer/domain-batches.ts'
import { contrast } from './contrast.ts'
import { cutout } from './cutout.ts'
import { type ImageDims, imageDims } from './image-dims.ts'
import { shifted } from './shifted.ts'
import { warped } from './warped.ts'

const DIMS: ImageDims = [2, 8, 6]
const [CHANNELS, HEIGHT, WIDTH] = DIMS
const AREA = HEIGHT * WIDTH
const LENGTH = CHANNELS * AREA

/** Images whose pixels are all different, the second channel that of the first plus 1,000. */
const images = (count: number): Float32Array =>
  Float32Array.from({ length: count * LENGTH }, (_, at) => {
    const [image, inside] = [Math.floor(at / LENGTH), at % LENGTH]
    return 100 * image + (inside % AREA) + (inside < AREA ? 0 : 1000)
  })

const image = (rows: Float32Array, i: number): Float32Array => rows.subarray(i * LENGTH, (i + 1) * LENGTH)
const seen = (view: View, rows: Float32Array, seed = 0): Float32Array =>
  view(rows, rows.length / LENGTH, seededRandom(seed))
const clamped = (place: number, size: number) => Math.min(Math.max(place, 0), size - 1)

const views: Record<string, View> = {
  shifted: shifted(DIMS, 0.25),
  cutout: cutout(DIMS, 0.5),
  contrast: contrast(0.5),
  warped: warped(DIMS, { turn: 20, stretch: 0.2 }),
}

describe.each(Object.entries(views))('%s', (_, view) => {
  it('changes images, by the seed alone, and not the rows given', () => {
    const rows = images(5)
    const result = seen(view, rows)
    expect(rows).toEqual(images(5))
    expect(result).toHaveLength(rows.length)
    expect(result).not.toEqual(rows)
    expect(seen(view, rows)).toEqual(result)
    expect(seen(view, rows, 1)).not.toEqual(result)
    expect(result.every(Number.isFinite)).toBe(true)
  })

  it('changes each image in its own way', () => {
    const rows = new Float32Array([...image(images(1), 0), ...image(images(1), 0)])
    const result = seen(view, rows, 2)
    expect(image(result, 0)).not.toEqual(image(result, 1))
  })
})

describe('shifted', () => {
  it('moves all channels alike by whole pixels within the bounds, and repeats the edge', () => {
    const places = new Set<string>()
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
        const plain = images(1)
        const result = seen(shifted(DIMS, 0.25), plain, seed)
        const moved = (dy: number, dx: number) =>
          plain.map((_, at) => {
            const [c, y, x] = [Math.floor(at / AREA), Math.floor((at % AREA) / WIDTH), at % WIDTH]
            return plain[c * AREA + clamped(y - dy, HEIGHT) * WIDTH + clamped(x - dx, WIDTH)]!
          })
        const offsets = [-2, -1, 0, 1, 2].flatMap((dy) => [-2, -1, 0, 1, 2].map((dx) => [dy, dx] as const))
        const found = offsets.filter(([dy, dx]) => `${moved(dy, dx)}` === `${result}`)
        expect(found).toHaveLength(1)
        places.add(`${found[0]}`)
      }),
    )
    expect(places.size).toBeGreaterThan(15)
  })

  it('leaves images as they are where they may not move', () => {
    expect(seen(shifted(DIMS, 0), images(3))).toEqual(images(3))
  })
})

describe('cutout', () => {
  it('covers one rectangle of at most its size by the mean of each channel', () => {
    const sizes = new Set<number>()
    for (let seed = 0; seed < 50; seed++) {
      const plain = images(1)
      const result = seen(cutout(DIMS, 0.5), plain, seed)
      const changed = [...plain.keys()].filter((at) => result[at] !== plain[at])
      for (const at of changed) expect(result[at]).toBeCloseTo((AREA - 1) / 2 + (at < AREA ? 0 : 1000), 3)
      const ys = changed.map((at) => Math.floor((at % AREA) / WIDTH))
      const xs = changed.map((at) => at % WIDTH)
      const [tall, wide] = [Math.max(...ys) - Math.min(...ys) + 1, Math.max(...xs) - Math.min(...xs) + 1]
      expect(tall).toBeLessThanOrEqual(4)
      expect(wide).toBeLessThanOrEqual(3)
      expect(changed).toHaveLength(CHANNELS * tall * wide)
      sizes.add(changed.length)
    }
    expect(sizes).toContain(CHANNELS * 4 * 3)
  })
})

describe('contrast', () => {
  it('is an affine map of each row within its bounds', () => {
    for (let seed = 0; seed < 50; seed++) {
      const plain = images(1)
      const result = seen(contrast(0.5), plain, seed)
      const factor = (result[7]! - result[0]!) / (plain[7]! - plain[0]!)
      const offset = result[0]! - factor * plain[0]!
      expect(factor).toBeGreaterThanOrEqual(0.5 - 1e-4)
      expect(factor).toBeLessThanOrEqual(1.5 + 1e-4)
      plain.forEach((value, at) => {
        expect(result[at]).toBeCloseTo(factor * value + offset, 1)
      })
      const mean = plain.reduce((sum, value) => sum + value, 0) / LENGTH
      const deviation = Math.sqrt(plain.reduce((sum, value) => sum + (value - mean) ** 2, 0) / LENGTH)
      expect(Math.abs(factor * mean + offset - mean)).toBeLessThanOrEqual(0.5 * deviation + 1e-3)
    }
  })

  it('leaves a flat row as it is', () => {
    const flat = new Float32Array(LENGTH).fill(3)
    expect(seen(contrast(0.5), flat)).toEqual(flat)
  })
})

describe('warped', () => {
  it('leaves images as they are where they are not to be turned or stretched', () => {
    expect(seen(warped(DIMS, { turn: 0, stretch: 0 }), images(2))).toEqual(images(2))
  })

  it('turns a slope in the middle of the image by the angle, without stretching it', () => {
    const dims: ImageDims = [1, 21, 21]
    const slope = Float32Array.from({ length: 441 }, (_, at) => Math.floor(at / 21))
    const angles = Array.from({ length: 40 }, (_, seed) => {
      const result = warped(dims, { turn: 30, stretch: 0 })(slope, 1, seededRandom(seed))
      const middle = 10 * 21 + 10
      expect(result[middle]).toBeCloseTo(10, 4)
      const [down, across] = [result[middle + 21]! - result[middle]!, result[middle + 1]! - result[middle]!]
      expect(Math.hypot(down, across)).toBeCloseTo(1, 4)
      return (Math.atan2(-across, down) * 180) / Math.PI
    })
    expect(Math.max(...angles)).toBeLessThanOrEqual(30 + 1e-3)
    expect(Math.max(...angles)).toBeGreaterThan(20)
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-30 - 1e-3)
    expect(Math.min(...angles)).toBeLessThan(-20)
  })

  it('stretches a slope about the middle within its bounds', () => {
    const dims: ImageDims = [1, 21, 21]
    const slope = Float32Array.from({ length: 441 }, (_, at) => at % 21)
    for (let seed = 0; seed < 20; seed++) {
      const result = warped(dims, { turn: 0, stretch: 0.25 })(slope, 1, seededRandom(seed))
      const wide = 1 / (result[221]! - result[220]!)
      expect(wide).toBeGreaterThan(0.75 - 1e-4)
      expect(wide).toBeLessThan(1.25 + 1e-4)
    }
  })
})

describe('imageDims', () => {
  it('are three sizes', () => {
    expect(imageDims([3, 8, 8])).toEqual([3, 8, 8])
    expect(imageDims([64])).toBeUndefined()
    expect(imageDims([8, 8])).toBeUndefined()
    expect(imageDims([1, 3, 8, 8])).toBeUndefined()
  })
})
