import type { Palette } from '../palette.ts'
import { type Figure, titledPanel } from '../panel.ts'
import { axisX, axisY, cell, drawPlot, text } from '../plot.ts'
import type { RunReport } from '../report-data.ts'
import { count, fitText, methodLabel, textWidth } from '../text.ts'

interface Cell {
  readonly truth: number
  readonly predicted: number
  readonly rows: number
  /** Share of the rows of that truth, 0 … 1. */
  readonly share: number
}

/** The confusion matrix as a heat map with counts; null where the target has no labels. Shade is the share of a row. */
export function confusionFigure(
  run: Pick<RunReport, 'confusion' | 'method'>,
  classes: readonly string[],
  palette: Palette,
): Figure | null {
  if (run.confusion === null) return null
  const cells = run.confusion.flatMap((row, truth) => {
    const total = row.reduce((sum, rows) => sum + rows, 0)
    return row.map((rows, predicted): Cell => ({ truth, predicted, rows, share: total > 0 ? rows / total : 0 }))
  })
  const total = cells.reduce((sum, { rows }) => sum + rows, 0)
  const right = cells.reduce((sum, { rows, truth, predicted }) => sum + (truth === predicted ? rows : 0), 0)
  const n = classes.length
  const size = n <= 2 ? 64 : n <= 5 ? 52 : n <= 12 ? 38 : n <= 20 ? 30 : n <= 40 ? 25 : 14
  const fontSize = Math.min(12, size * 0.8)
  const names = classes.map((name) => fitText(name, 130, fontSize))
  const widest = Math.ceil(Math.max(...names.map((name) => textWidth(name, fontSize))))
  const upright = widest < size - 4
  const margins = {
    marginLeft: widest + 30,
    marginRight: upright ? 10 : Math.max(10, Math.ceil((widest - size / 2) * 0.72)),
    marginTop: (upright ? 24 : Math.ceil(widest * 0.72) + 18) + 18,
    marginBottom: 2,
  }
  const width = n * size + margins.marginLeft + margins.marginRight
  const height = n * size + margins.marginTop + margins.marginBottom
  const step = (share: number) => Math.min(palette.heat.length - 1, Math.ceil(share * (palette.heat.length - 1)))
  const order = classes.map((_, i) => i)
  const drawing = drawPlot({
    width,
    height,
    ...margins,
    x: { domain: order, padding: 0.04 },
    y: { domain: order, padding: 0.04 },
    color: { type: 'identity' },
    marks: [
      axisX({
        anchor: 'top',
        tickSize: 0,
        fontSize,
        label: null,
        tickFormat: (i: number) => names[i]!,
        ...(upright ? {} : { tickRotate: -45 }),
      }),
      axisY({ tickSize: 0, fontSize, label: null, tickFormat: (i: number) => names[i]! }),
      cell(cells, { x: 'predicted', y: 'truth', fill: (one: Cell) => palette.heat[step(one.share)]! }),
      text(
        cells.filter(({ rows }) => rows > 0 && size > 20),
        {
          x: 'predicted',
          y: 'truth',
          text: (one: Cell) => `${one.rows}`,
          fontSize: (one: Cell) => Math.min(12, ((size - 4) / `${one.rows}`.length) * 1.6),
          fill: (one: Cell) => palette.heatText[step(one.share)]!,
        },
      ),
    ],
  })
  const middle = margins.marginTop + (n * size) / 2
  const labels = [
    `<text x="${margins.marginLeft + (n * size) / 2}" y="12" text-anchor="middle" font-size="12" opacity=".8" fill="currentColor">predicted</text>`,
    `<text transform="translate(12,${middle}) rotate(-90)" text-anchor="middle" font-size="12" opacity=".8" fill="currentColor">truth</text>`,
  ]
  const alt = `Confusion matrix of ${methodLabel(run.method)}: ${right} of ${total} rows are on the diagonal`
  const title = `${count(right)} of ${count(total)} rows right`
  return {
    id: 'confusion',
    title: 'Confusion matrix',
    columns: 1,
    panels: [titledPanel(title, alt, width, height, drawing + labels.join(''))],
  }
}
