import type { Palette } from '../report/palette.ts'
import { type Figure, titledPanel } from '../report/panel.ts'
import { axisX, axisY, dot, drawPlot, link, text } from '../report/plot.ts'
import { fitText, textWidth } from '../report/text.ts'
import type { FewShotSummary } from './few-shot-summary.ts'

const fontSize = 11
const width = 560

/** The classifiers' accuracies with their confidence intervals, most accurate on top; null without episodes. */
export function fewShotFigure({ classifiers, episodes, shots }: FewShotSummary, palette: Palette): Figure | null {
  if (episodes === null) return null
  const names = classifiers.map(({ name }) => fitText(name, 200, fontSize))
  const points = classifiers.map(({ accuracy, halfWidth, behind }, row) => ({
    row,
    accuracy: 100 * accuracy,
    low: Math.max(0, 100 * (accuracy - halfWidth)),
    high: Math.min(100, 100 * (accuracy + halfWidth)),
    label: `${(100 * accuracy).toFixed(1)} ± ${(100 * halfWidth).toFixed(1)}`,
    colour: behind === null ? palette.source : palette.bar,
  }))
  const marginLeft = Math.ceil(Math.max(...names.map((name) => textWidth(name, fontSize)))) + 12
  const marginRight = Math.ceil(Math.max(...points.map(({ label }) => textWidth(label, fontSize)))) + 10
  const height = 22 * points.length + 42
  const drawing = drawPlot({
    width,
    height,
    marginTop: 4,
    marginBottom: 38,
    marginLeft,
    marginRight,
    x: { domain: [Math.min(...points.map(({ low }) => low)), Math.max(...points.map(({ high }) => high))], nice: true },
    y: { domain: points.map(({ row }) => row), type: 'point', padding: 0.5 },
    marks: [
      axisX({ label: 'accuracy, %', labelAnchor: 'center', labelArrow: 'none', fontSize, ticks: 6 }),
      axisY({ tickSize: 0, label: null, fontSize, tickFormat: (row: number) => names[row]! }),
      link(points, { x1: 'low', x2: 'high', y1: 'row', y2: 'row', stroke: 'colour', strokeWidth: 2 }),
      dot(points, { x: 'accuracy', y: 'row', fill: 'colour', r: 4 }),
      text(points, { x: 'high', y: 'row', text: 'label', textAnchor: 'start', dx: 6, fontSize }),
    ],
    color: { type: 'identity' },
  })
  const title = `${episodes.ways} classes, ${shots} of each to learn from: ${episodes.count} episodes`
  const alt = `Accuracy in percent with 95% confidence intervals: ${points.map(({ row, label }) => `${classifiers[row]!.name} ${label}`).join(', ')}`
  return {
    id: 'few-shot',
    title: 'Classifiers on a few rows of each class',
    columns: 1,
    panels: [titledPanel(title, alt, width, height, drawing)],
  }
}
