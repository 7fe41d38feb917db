import { join } from 'node:path'
import type { Model } from 'graft-learn'
import { ensureOutputFolder, writeAtomically } from '../files/index.ts'
import { canDrawText } from '../report/index.ts'
import { lightPalette } from '../report/palette.ts'
import { type Figure, figureFile } from '../report/panel.ts'
import type { Transferability, TransferabilityCall, TransferabilityWatch } from './call.ts'
import { curvesFigure } from './curves-figure.ts'
import { filterGrid } from './filter-grid.ts'
import { filtersFigure, type NamedGrid } from './filters-figure.ts'
import { firstFilters } from './first-filters.ts'
import { transferabilityPage } from './transferability-page.ts'

/** Pixels per inch for twice the size that the page draws at. */
const DENSITY = 144

/** A network whose filters are shown. */
export interface ShownNetwork {
  readonly title: string
  readonly model: Model
  readonly channels?: 'rgb' | 'bgr' | 'grey' | undefined
}

/**
 * Writes `transferability.json`, `report.html` and, with `figures`, `curves.png` and `filters.png` into `out`; gives the
 * result with their paths.
 */
export async function writeResults(
  out: string,
  result: Transferability,
  shown: readonly ShownNetwork[],
  { figures, command }: Pick<TransferabilityCall, 'figures' | 'command'>,
  { warn }: Pick<TransferabilityWatch, 'warn'>,
): Promise<Transferability> {
  await ensureOutputFolder(out)
  const grids: NamedGrid[] = []
  for (const { title, model, channels } of shown) {
    const filters = firstFilters(model, result.data.image)
    if (filters !== null) grids.push({ title, grid: await filterGrid(filters, { channels, most: 96 }) })
  }
  const filters = grids.length === 0 ? null : filtersFigure('Weights of the first layer, 0 being grey', grids)
  const files: Record<string, string> = {
    report: join(out, 'report.html'),
    runs: join(out, 'runs.json'),
    result: join(out, 'transferability.json'),
  }
  const pictures: [string, Figure, string][] = []
  if (figures === true) {
    if (!(await canDrawText())) warn('no typeface is installed, so that figures as files would have no text')
    if (result.summary.cuts.length > 0) {
      const heading = `${result.settings.network} on ${result.data.file}`
      pictures.push(['curves', curvesFigure(result, lightPalette), heading])
    }
    if (filters !== null) pictures.push(['filters', filters, filters.title])
  }
  for (const [name, figure, heading] of pictures) {
    files[name] = join(out, `${name}.png`)
    await writeAtomically(files[name], await figurePng(figure, heading))
  }
  const whole = { ...result, files }
  await writeAtomically(files.report!, transferabilityPage(whole, filters, command))
  await writeAtomically(files.result!, `${JSON.stringify(whole, null, 1)}\n`)
  return whole
}

/** A figure on white, at twice the size of the page's. */
export async function figurePng(figure: Figure, heading: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const svg = figureFile(figure, heading, lightPalette)
  return sharp(Buffer.from(svg), { density: DENSITY }).png({ compressionLevel: 9, palette: true }).toBuffer()
}
