import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '../files/write-atomically.ts'
import { lightPalette } from './palette.ts'
import { type Figure, figureFile } from './panel.ts'

/** Pixels per inch for twice the size that the page draws at. */
const density = 144

/** Writes a figure as `NAME.png` on white, at twice the size of the page's, and gives the file's path. Makes the folder. */
export async function writeFigure(folder: string, name: string, figure: Figure, heading: string): Promise<string> {
  const { default: sharp } = await import('sharp')
  await mkdir(folder, { recursive: true })
  const svg = figureFile(figure, heading, lightPalette)
  const png = await sharp(Buffer.from(svg), { density }).png({ compressionLevel: 9 }).toBuffer()
  const file = join(folder, `${name}.png`)
  await writeAtomically(file, png)
  return file
}
