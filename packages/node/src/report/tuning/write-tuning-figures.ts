import { lightPalette } from '../palette.ts'
import { writeFigure } from '../write-figure.ts'
import { tuningFigures } from './tuning-figures.ts'
import type { TuningReportData } from './tuning-report.ts'

/**
 * Writes the report's figures as PNG files on white, at twice the size of the page's: `curves.png`, `confusion.png`,
 * `classes.png`, `embedding.png`, `depth.png` and `forgetting.png`, those that there is something for. Makes the folder;
 * gives the files' paths. Text needs a face on the machine: see `canDrawText`.
 */
export async function writeTuningFigures(folder: string, data: TuningReportData): Promise<string[]> {
  const files: string[] = []
  for (const figure of Object.values(tuningFigures(data, lightPalette)).flat()) {
    const title = `${figure.title.charAt(0).toLowerCase()}${figure.title.slice(1)}`
    files.push(await writeFigure(folder, figure.id, figure, `${data.strategy.name}: ${title}`))
  }
  return files
}
