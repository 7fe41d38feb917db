import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage, type Preprocessing, presets } from '../src/images/index.ts'
import { busy, drawn, floatTiff, plain, putImage } from './image-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'graft-'))
/** Pixels as they are: 0 to 255, channel after channel, 8 by 8. */
const raw: Preprocessing = { ...presets.mobilenet, scale: 1, mean: [0], width: 8, height: 8, layout: 'nchw' }

let made = 0
async function decoded(content: Uint8Array | Sharp, preprocessing: Preprocessing = raw): Promise<Float32Array> {
  return decodeImage(join(folder, await putImage(folder, `${made++}.png`, content)), preprocessing)
}
/** The mean of each channel. */
async function colour(content: Uint8Array | Sharp): Promise<number[]> {
  const values = await decoded(content)
  return [0, 1, 2].map((c) => values.subarray(64 * c, 64 * (c + 1)).reduce((sum, value) => sum + value, 0) / 64)
}
function expectColour(found: readonly number[], expected: readonly number[], within = 1.5): void {
  found.forEach((value, c) => void expect(Math.abs(value - expected[c]!), `${found}`).toBeLessThanOrEqual(within))
}
const fault = (content: Uint8Array | Sharp): Promise<string> =>
  decoded(content).then(
    () => 'decoded',
    (error: Error) => `${error.name}: ${error.message}`,
  )

const clay = [200, 100, 50] as const
const image = (): Sharp => plain(30, 20, ...clay)

describe('images of every kind are used rightly', () => {
  it('forms', async () => {
    for (const form of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
      expectColour(await colour(await image().toFormat(form).toBuffer()), clay, form === 'avif' ? 4 : 2)
    }
  })

  it('grey, of 8 and 16 bits', async () => {
    const ramp = drawn(8, 8, 1, (x) => 30 * x)
    const values = await decoded(await ramp.clone().png().toBuffer())
    for (const c of [0, 1, 2])
      expect([...values.subarray(64 * c, 64 * c + 8)]).toEqual([0, 30, 60, 90, 120, 150, 180, 210])
    const words = Uint16Array.from({ length: 64 }, (_, i) => 30 * 257 * (i % 8))
    const deep = await sharp(words, { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    const row = (await decoded(deep)).subarray(0, 8)
    row.forEach((value, x) => void expect(Math.abs(value - 30 * x)).toBeLessThanOrEqual(1))
  })

  it('16 bits of colour', async () => {
    const deep = await image().toColourspace('rgb16').png().toBuffer()
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    expectColour(await colour(deep), clay)
  })

  it('transparent parts, blended over white, grey ones too', async () => {
    const half = drawn(8, 8, 4, (_x, _y, c) => [...clay, 128][c]!)
    const blend = (value: number) => 255 + (value - 255) * (128 / 255)
    expectColour(await colour(half), clay.map(blend))
    const hidden = drawn(8, 8, 4, (_x, _y, c) => (c === 0 ? 255 : 0))
    expectColour(await colour(hidden), [255, 255, 255])
    const grey = await drawn(8, 8, 2, (_x, _y, c) => (c === 0 ? 100 : 128))
      .toColourspace('b-w')
      .png()
      .toBuffer()
    expect((await sharp(grey).metadata()).channels).toBe(2)
    expectColour(
      await colour(grey),
      [1, 1, 1].map(() => blend(100)),
    )
  })

  it('CMYK and palettes', async () => {
    const cmyk = await image().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk')
    // What inks cannot show is lost: close is all that can be.
    expectColour(await colour(cmyk), clay, 40)
    const palette = await image().png({ palette: true }).toBuffer()
    expect((await sharp(palette).metadata()).isPalette).toBe(true)
    expectColour(await colour(palette), clay)
  })

  it('colours of another space, brought to sRGB by the profile', async () => {
    const wide = await image().withIccProfile('p3').png().toBuffer()
    const stored = await sharp(wide, { ignoreIcc: true }).raw().toBuffer()
    expect((await sharp(wide).metadata()).hasProfile).toBe(true)
    expectColour(await colour(wide), clay, 3)
    expect(stored[1]).toBe(0x69)
  })

  it('turned by EXIF', async () => {
    const left = drawn(16, 8, 3, (x) => (x < 8 ? 255 : 0))
    const turned = await left.jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer()
    const values = await decoded(turned)
    // Orientation 6 is turned by a quarter, clockwise: what was left is on top.
    expect(values[3]!).toBeGreaterThan(250)
    expect(values[7 * 8 + 3]!).toBeLessThan(5)
    expect(values[3 * 8]!).toBeGreaterThan(200)
    expect(values[4 * 8 + 7]!).toBeLessThan(60)
  })

  it('animated: the first picture', async () => {
    const frames = [await image().png().toBuffer(), await plain(30, 20, 0, 0, 255).png().toBuffer()]
    const moving = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    expect((await sharp(moving).metadata()).pages).toBe(2)
    expectColour(await colour(moving), clay, 2)
  })

  it('of one pixel, and 100,000 pixels wide', async () => {
    expectColour(await colour(plain(1, 1, ...clay)), clay)
    const wide = plain(100_000, 30, ...clay)
    expectColour(await colour(wide), clay)
    const crop: Preprocessing = { ...raw, resize: 'crop', cropShare: 0.875 }
    expect((await decoded(plain(100_000, 3, ...clay), crop))[0]).toBe(200)
    expect((await decoded(plain(3, 100_000, ...clay), crop))[0]).toBe(200)
  })

  it('JPEGs with stray bytes between their parts', async () => {
    const whole = await image().jpeg().toBuffer()
    const scan = whole.indexOf(Buffer.from([0xff, 0xda]))
    const stray = Buffer.concat([whole.subarray(0, scan), Buffer.from([1, 2, 3]), whole.subarray(scan)])
    expectColour(await colour(stray), clay, 2)
  })
})

describe('what cannot be used says why', () => {
  it('truncated, corrupt, empty, and no image at all', async () => {
    const jpeg = await busy(200, 200).jpeg().toBuffer()
    const png = await busy(200, 200).png().toBuffer()
    const spoilt = Buffer.from(png)
    spoilt.fill(0x55, 3000, 3400)
    for (const bytes of [
      jpeg.subarray(0, jpeg.length / 2),
      jpeg.subarray(0, 90),
      png.subarray(0, png.length / 2),
      spoilt,
    ]) {
      expect(await fault(bytes)).toMatch(
        /^InvalidInputError: .*\.png: the image cannot be used: it is damaged or cut short/,
      )
    }
    expect(await fault(new Uint8Array())).toMatch(/the file is empty/)
    expect(await fault(Buffer.from('This is a letter, and no picture.'))).toMatch(/its content is no image/)
    await expect(decodeImage(join(folder, 'absent.png'), raw)).rejects.toThrow(/no longer there/)
    await expect(decodeImage(folder, raw)).rejects.toThrow(/cannot be read \(EISDIR\)/)
  })

  it('floating-point pixels, and more pixels than memory bears', async () => {
    expect(await fault(floatTiff(8, 8))).toMatch(/no numbers of 8 or 16 bits \(but float\)/)
    // A header that promises more than 268 million pixels, though the file is small.
    const png = await plain(8, 8, 0, 0, 0).png().toBuffer()
    png.writeUInt32BE(60_000, 16)
    png.writeUInt32BE(60_000, 20)
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
    expect(await fault(png)).toMatch(/more than 268 million pixels/)
  })
})

describe('values', () => {
  const two = drawn(8, 8, 3, (_x, _y, c) => clay[c]!)
  it('are scaled, shifted and laid out as the preprocessing says', async () => {
    const normal = { ...raw, scale: 1 / 255, mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 2] }
    const expected = clay.map((value, c) => (value / 255 - normal.mean[c]!) / normal.std[c]!)
    const planes = await decoded(two.clone(), normal)
    for (const c of [0, 1, 2]) expect(planes[64 * c + 5]).toBeCloseTo(expected[c]!, 5)
    const pixels = await decoded(two.clone(), { ...normal, layout: 'nhwc' })
    expect([...pixels.subarray(9, 12)].map((value) => value.toFixed(4))).toEqual(
      expected.map((value) => value.toFixed(4)),
    )
    const bgr = await decoded(two.clone(), { ...raw, channels: 'bgr', mean: [104, 117, 123] })
    expect([bgr[0], bgr[64], bgr[128]]).toEqual([50 - 104, 100 - 117, 200 - 123])
    const grey = await decoded(two.clone(), { ...raw, channels: 'grey', mean: [3], std: [2] })
    expect(grey).toHaveLength(64)
    expect(grey[7]).toBeCloseTo((0.299 * 200 + 0.587 * 100 + 0.114 * 50 - 3) / 2, 4)
  })
})
