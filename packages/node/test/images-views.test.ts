import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type Augmentation,
  decodeImage,
  type Preprocessing,
  presets,
  type View,
  viewText,
} from '../src/images/index.ts'
import { workFolder } from './graft.ts'
import { busy, drawn, plain, putImage } from './image-files.ts'

const folder = workFolder()
const raw: Preprocessing = { ...presets.mobilenet, scale: 1, mean: [0], width: 16, height: 16, layout: 'nhwc' }
const off: Augmentation = { crop: 0, flip: false, colour: 0 }
const view = (change: Partial<View>): View => ({ ...off, seed: 0, number: 0, ...change })
const ramp = join(
  folder,
  await putImage(
    folder,
    'ramp.png',
    drawn(64, 64, 3, (x, y, c) => [3 * x, 3 * y, 100][c]!),
  ),
)
const look = async (file: string, change?: Partial<View>): Promise<Float32Array> =>
  decodeImage(file, raw, change === undefined ? undefined : view(change))
const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]

describe('views', () => {
  it('follow from seed, number and content alone', async () => {
    const all = { crop: 0.5, flip: true, colour: 0.3 }
    const first = await look(ramp, { ...all, number: 3 })
    expect(await look(ramp, { ...all, number: 3 })).toEqual(first)
    const copy = join(
      folder,
      await putImage(
        folder,
        'elsewhere/copy.png',
        drawn(64, 64, 3, (x, y, c) => [3 * x, 3 * y, 100][c]!),
      ),
    )
    expect(await look(copy, { ...all, number: 3 })).toEqual(first)
    expect(await look(ramp, { ...all, number: 4 })).not.toEqual(first)
    expect(await look(ramp, { ...all, number: 3, seed: 1 })).not.toEqual(first)
    expect(viewText(view({ number: 3 }))).not.toBe(viewText(view({ number: 4 })))
  })

  it('change nothing where all is off', async () => {
    expect(await look(ramp, {})).toEqual(await look(ramp))
  })

  it('mirror about half of the images', async () => {
    const plainLook = await look(ramp)
    const mirrored = Float32Array.from(plainLook, (_, i) => {
      const [pixel, c] = [Math.floor(i / 3), i % 3]
      const x = pixel % 16
      return plainLook[3 * (pixel - x + 15 - x) + c]!
    })
    const looks = await Promise.all(numbers.map((number) => look(ramp, { flip: true, number })))
    const same = looks.filter((values) => values.every((value, i) => value === plainLook[i])).length
    const turned = looks.filter((values) => values.every((value, i) => value === mirrored[i])).length
    expect(same + turned).toBe(12)
    expect(same).toBeGreaterThan(1)
    expect(turned).toBeGreaterThan(1)
  })

  it('crop a part of the image, stretched to size, within bounds of area and shape', async () => {
    const areas: number[] = []
    for (const number of numbers) {
      const values = await look(ramp, { crop: 0.75, number })
      const at = (x: number, y: number, c: number) => values[3 * (16 * y + x) + c]!
      // In the ramp, red tells the place across and green the place down.
      const width = ((at(15, 8, 0) - at(0, 8, 0)) / 3 / 15) * 16
      const height = ((at(8, 15, 1) - at(8, 0, 1)) / 3 / 15) * 16
      areas.push((width * height) / (64 * 64))
      expect(width / height).toBeGreaterThan(0.7)
      expect(width / height).toBeLessThan(1.43)
      expect(at(5, 5, 2)).toBe(100)
    }
    expect(Math.min(...areas)).toBeGreaterThan(0.22)
    expect(Math.max(...areas)).toBeLessThan(1.05)
    expect(Math.max(...areas) - Math.min(...areas)).toBeGreaterThan(0.2)
  })

  it('multiply brightness, contrast and saturation within their strength', async () => {
    const grey = join(folder, await putImage(folder, 'grey.png', plain(20, 20, 100, 100, 100)))
    const levels = await Promise.all(numbers.map(async (number) => (await look(grey, { colour: 0.4, number }))[0]!))
    // One grey has no contrast and no saturation: what changes is brightness.
    for (const level of levels) expect(Math.abs(level - 100)).toBeLessThanOrEqual(40.5)
    expect(new Set(levels).size).toBeGreaterThan(8)
    const red = join(folder, await putImage(folder, 'red.png', plain(20, 20, 140, 100, 100)))
    const hues = await Promise.all(numbers.map((number) => look(red, { colour: 0.4, number })))
    const chroma = hues.map(([r, g]) => (r! - g!) / (0.299 * r! + 0.701 * g!))
    // Without change 40 / 111.96; saturation times contrast multiplies it by 0.36 to 1.96.
    for (const value of chroma) expect(value).toBeGreaterThan((0.36 * 40) / 111.96 - 0.02)
    for (const value of chroma) expect(value).toBeLessThan((1.96 * 40) / 111.96 + 0.02)
    expect(new Set(chroma.map((value) => value.toFixed(2))).size).toBeGreaterThan(5)
  })

  it('leave the other changes as they are where one is switched on', async () => {
    const noisy = join(folder, await putImage(folder, 'noisy.png', busy(40, 40)))
    const flips = async (change: Partial<View>) => {
      const found = []
      for (const number of numbers) {
        const [plainLook, values] = [
          await look(noisy, { ...change, number, flip: false }),
          await look(noisy, { ...change, number, flip: true }),
        ]
        found.push(values.every((value, i) => value === plainLook[i]))
      }
      return found
    }
    expect(await flips({ crop: 0.5, colour: 0.2 })).toEqual(await flips({}))
  })

  it('refuse strengths out of range', async () => {
    await expect(look(ramp, { crop: 1 })).rejects.toThrow(/augmentation crop: expected 0 to 0.95, got 1/)
    await expect(look(ramp, { colour: Number.NaN })).rejects.toThrow(/augmentation colour/)
  })
})
