import { extname } from 'node:path'

/** Endings of files that sharp's own binaries read, whatever their case; what lies inside is told by its content. */
export const imageExtensions: readonly string[] = [
  ...['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif'],
]

/** Images of other forms, which are skipped with the advice to convert them. */
const otherImages = new Set(
  '.bmp .heic .heif .jp2 .jxl .svg .ico .psd .tga .ppm .pgm .pbm .pnm .dng .cr2 .nef .arw .exr .hdr .raw'.split(' '),
)

/** Left by systems, not by people: passed over without a word. */
const clutter = new Set(['thumbs.db', 'desktop.ini', '__macosx', '@eadir'])

/** Whether a file or folder is no matter of the user's: hidden, or left behind by a system. */
export const isIgnored = (name: string): boolean => name.startsWith('.') || clutter.has(name.toLowerCase())

/** Why a file is not read as an image, judged by its name; undefined where it is one. */
export function nameFault(name: string): string | undefined {
  const extension = extname(name).toLowerCase()
  if (imageExtensions.includes(extension)) return undefined
  if (otherImages.has(extension)) return `images in the form ${extension} are not read: convert them to .png or .jpg`
  return 'not an image, going by its name'
}
