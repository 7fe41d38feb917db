import type { DrawnView } from './view.ts'

/** Weights of red, green and blue in grey (ITU-R 601). */
export const GREY = [0.299, 0.587, 0.114] as const

/**
 * Brightness, contrast and saturation as one affine map of each pixel's colour: with brightness `b`, contrast `c` about
 * the mean grey `m`, saturation `s`, `p' = s (c b p + (1 − c) b m) + (1 − s) grey(…)`. Changes RGB pixels in place; values beyond 0 to 255
 * are cut off at the end only.
 */
export function changeColours(pixels: Uint8Array, { brightness, contrast, saturation }: DrawnView): void {
  if (brightness === 1 && contrast === 1 && saturation === 1) return
  const gain = brightness * contrast
  const offset = contrast === 1 ? 0 : (1 - contrast) * brightness * meanGrey(pixels)
  const clamped = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length)
  const own = saturation * gain
  const [red, green, blue] = GREY.map((weight) => (1 - saturation) * gain * weight) as [number, number, number]
  for (let i = 0; i < pixels.length; i += 3) {
    const r = pixels[i]!
    const g = pixels[i + 1]!
    const b = pixels[i + 2]!
    const shared = red * r + green * g + blue * b + offset
    clamped[i] = own * r + shared
    clamped[i + 1] = own * g + shared
    clamped[i + 2] = own * b + shared
  }
}

function meanGrey(pixels: Uint8Array): number {
  const sums = [0, 0, 0]
  for (let i = 0; i < pixels.length; i += 3) {
    sums[0]! += pixels[i]!
    sums[1]! += pixels[i + 1]!
    sums[2]! += pixels[i + 2]!
  }
  return (3 * (GREY[0] * sums[0]! + GREY[1] * sums[1]! + GREY[2] * sums[2]!)) / pixels.length
}
