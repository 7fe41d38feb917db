import { comparisonFigure } from './figures/comparison-figure.ts'
import { methodFigures } from './page/method-section.ts'
import { lightPalette } from './palette.ts'
import type { Figure } from './panel.ts'
import type { ReportData } from './report-data.ts'
import { methodLabel } from './text.ts'
import { writeFigure } from './write-figure.ts'

/**
 * Writes the report's figures as PNG files on white, at twice the size of the page's: `comparison.png`, and for each
 * method `ID-scatter.png`, `ID-confusion.png` (where the target has labels), `ID-classes.png` and `ID-shift.png`. Makes
 * the folder; gives the files' paths. Text needs a face on the machine: see `canDrawText`.
 */
export async function writeFigures(folder: string, data: ReportData): Promise<string[]> {
  const files: string[] = []
  const write = async (name: string, figure: Figure, heading: string) => {
    files.push(await writeFigure(folder, name, figure, heading))
  }
  await write('comparison', comparisonFigure(data, lightPalette), data.title)
  for (const run of data.runs) {
    for (const figure of methodFigures(data, run, lightPalette, 'm')) {
      const heading = `${methodLabel(run.method)}: ${figure.title.charAt(0).toLowerCase()}${figure.title.slice(1)}`
      await write(`${run.method.id}-${figure.id}`, figure, heading)
    }
  }
  return files
}
