import { describe, expect, it } from 'vitest'
import { enlarge, neededFor, type Pixels } from './enlarge.ts'

const row = (values: readonly number[]): Pixels => ({
  data: Uint8Array.from(values.flatMap((value) => [value, value, 255 - value])),
  width: values.length,
  height: 1,
})
const red = ({ data }: Pixels): number[] => [...data].filter((_, i) => i % 3 === 0)

describe('enlarge', () => {
  it('takes the values that Pillow takes', () => {
    const side = { before: 4, from: 0, full: 8, offset: 0, length: 8 }
    const values = row([0, 100, 200, 100])
    // PIL.Image.resize((8, 1), …) of the same row, version 12.3.
    expect(red(enlarge(values, side, null, 'bilinear'))).toEqual([0, 25, 75, 125, 175, 175, 125, 100])
    expect(red(enlarge(values, side, null, 'bicubic'))).toEqual([0, 17, 71, 130, 189, 185, 121, 91])
    expect(red(enlarge(values, side, null, 'lanczos'))).toEqual([0, 13, 62, 142, 200, 181, 124, 83])
    expect(red(enlarge(values, side, null, 'nearest'))).toEqual([0, 0, 100, 100, 200, 200, 100, 100])
  })

  it('gives the same for a part as for the whole, from the pixels that it needs', () => {
    const values = Array.from({ length: 40 }, (_, i) => (i * 67) % 256)
    for (const how of ['bilinear', 'bicubic', 'lanczos', 'nearest'] as const) {
      const whole = red(enlarge(row(values), { before: 40, from: 0, full: 90, offset: 0, length: 90 }, null, how))
      const side = { full: 90, offset: 31, length: 20 }
      const { from, to } = neededFor(side, 40)
      expect(to - from).toBeLessThan(20)
      const part = enlarge(row(values.slice(from, to)), { ...side, before: 40, from }, null, how)
      expect(red(part)).toEqual(whole.slice(31, 51))
    }
  })

  it('treats rows as it treats columns, and keeps channels apart', () => {
    const side = { before: 4, from: 0, full: 7, offset: 0, length: 7 }
    const across = enlarge(row([10, 250, 30, 90]), side, null, 'bicubic')
    const down = enlarge({ ...row([10, 250, 30, 90]), width: 1, height: 4 }, null, side, 'bicubic')
    expect(down.data).toEqual(across.data)
    expect([down.width, down.height]).toEqual([1, 7])
    across.data.forEach((value, i) => {
      if (i % 3 === 2) expect(Math.abs(value - (255 - across.data[i - 1]!))).toBeLessThanOrEqual(1)
    })
  })
})
