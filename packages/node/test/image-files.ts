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
