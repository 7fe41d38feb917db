/**
 * Whether text in PNG figures can be read on this machine: without any face (a bare container), librsvg draws the same
 * box for every letter. Installing a sans-serif face, as Debian's `fonts-dejavu-core`, helps.
 */
export async function canDrawText(): Promise<boolean> {
  const { default: sharp } = await import('sharp')
  const draw = (letters: string) =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="24"><text x="2" y="18" font-size="16" font-family="sans-serif">${letters}</text></svg>`,
      ),
    )
      .raw()
      .toBuffer()
  const [narrow, wide] = await Promise.all([draw('ii'), draw('WW')])
  return !narrow.equals(wide)
}
