import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

/** Writes bytes or an image (as PNG) to `folder/name`, folders made on the way; gives `name`. */
export async function putImage(folder: string, name: string, content: Uint8Array | Sharp): Promise<string> {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content instanceof Uint8Array ? content : await content.png().toBuffer())
  return name
}

/** An image of one colour. */
export const plain = (width: number, height: number, r: number, g: number, b: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r, g, b } } })

/** An image from a function of place and channel, values 0 to 255. */
export function drawn(
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
  value: (x: number, y: number, channel: number) => number,
): Sharp {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels)
    return value(pixel % width, Math.floor(pixel / width), i % channels)
  })
  return sharp(data, { raw: { width, height, channels } })
}

/** A picture with detail in every channel, which compresses badly: cut short, it really lacks something. */
export const busy = (width: number, height: number, seed = 1): Sharp =>
  drawn(width, height, 3, (x, y, c) => (Math.imul(x * 31 + y * 17 + c * 7 + seed, 2654435761) >>> 20) & 255)

/** A grey TIFF of 32-bit floating-point pixels, all one half, which sharp does not write. */
export function floatTiff(width: number, height: number): Uint8Array {
  const SHORT = 3
  const LONG = 4
  const tags = [
    [256, SHORT, width],
    [257, SHORT, height],
    [258, SHORT, 32],
    [259, SHORT, 1],
    [262, SHORT, 1],
    [273, LONG, 8 + 2 + 10 * 12 + 4],
    [277, SHORT, 1],
    [278, SHORT, height],
    [279, LONG, 4 * width * height],
    [339, SHORT, 3],
  ] as const
  const head = Buffer.alloc(8 + 2 + tags.length * 12 + 4)
  head.write('II*\0', 0, 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(tags.length, 8)
  tags.forEach(([tag, type, value], i) => {
    const at = 10 + 12 * i
    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(type, at + 2)
    head.writeUInt32LE(1, at + 4)
    head.writeUInt32LE(value, at + 8)
  })
  const pixels = new Float32Array(width * height).fill(0.5)
  return Buffer.concat([head, new Uint8Array(pixels.buffer)])
}
