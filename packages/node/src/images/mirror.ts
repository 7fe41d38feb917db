/** Mirrors RGB pixels in place, left to right. */
export function mirror(pixels: Uint8Array, width: number): void {
  const stride = 3 * width
  for (let row = 0; row < pixels.length; row += stride) {
    for (let left = row, right = row + stride - 3; left < right; left += 3, right -= 3) {
      for (let c = 0; c < 3; c++) {
        const held = pixels[left + c]!
        pixels[left + c] = pixels[right + c]!
        pixels[right + c] = held
      }
    }
  }
}
