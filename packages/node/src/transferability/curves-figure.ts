import { areaY, line, ruleY } from '@observablehq/plot'
import { type CopyTreatment, type CutSummary, copyTreatments, type Estimate, runName } from 'graft-learn'
import type { Palette } from '../report/palette.ts'
import { type Figure, type Panel, titledPanel } from '../report/panel.ts'
import { axisX, axisY, dot, drawPlot, text } from '../report/plot.ts'
import { shortNumber, textWidth } from '../report/text.ts'
import type { Transferability } from './call.ts'
import { apart } from './labels-apart.ts'

/** A line of one panel. */
interface Curve {
  readonly name: string
  readonly colour: string
  readonly dashed?: boolean
  readonly at: (cut: CutSummary) => Estimate | undefined
  /** Where the line begins, with no layer copied. */
  readonly from?: Estimate
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [500, 320, 52, 18, 58]

/** Accuracy by cut for all treatments, and the gaps between them, with bands of one standard error on each side. */
export function curvesFigure({ layers, summary, settings }: Transferability, palette: Palette): Figure {
  const [blue, orange, green, pink, , , black] = palette.classes as readonly string[]
  const colours: Record<CopyTreatment, string> = {
    selffer: blue!,
    'selffer-tuned': blue!,
    transfer: orange!,
    'transfer-tuned': orange!,
    random: black!,
  }
  const name = (treatment: CopyTreatment) => runName({ treatment, cut: 'n', task: 'B' })
  const base = summary.base.B
  const tried = copyTreatments.filter((one) => summary.cuts.some(({ accuracy }) => accuracy[one] !== undefined))
  const accuracies = tried.map(
    (treatment): Curve => ({
      name: name(treatment),
      colour: colours[treatment],
      dashed: treatment.endsWith('tuned'),
      at: ({ accuracy }) => accuracy[treatment],
      from: base,
    }),
  )
  const gaps: Curve[] = [
    { name: 'co-adaptation', colour: blue!, at: ({ coAdaptation }) => coAdaptation },
    { name: 'specificity', colour: orange!, at: ({ specificity }) => specificity },
    { name: 'gain of AnB+', colour: green!, dashed: true, at: ({ gain }) => gain },
  ]
  const drawn = gaps.filter(({ at }) => summary.cuts.some((cut) => at(cut)!.count > 0))
  const view = { layers, cuts: summary.cuts, palette, muted: pink! }
  const panels = [
    curvesPanel(`Accuracy on task B, percent (base B ${shortNumber(100 * base.mean)})`, accuracies, view, base.mean),
    ...(drawn.length > 0 ? [curvesPanel('Differences, percentage points', drawn, view, 0)] : []),
  ]
  const times = `${settings.repetitions} ${settings.repetitions === 1 ? 'repetition' : 'repetitions'}`
  return { id: 'curves', title: `By the number of layers copied, ${times}, ± one standard error`, columns: 2, panels }
}

interface View {
  readonly layers: readonly string[]
  readonly cuts: readonly CutSummary[]
  readonly palette: Palette
}

interface Point {
  readonly x: number
  readonly y: number
  readonly low: number
  readonly high: number
}

function curvesPanel(title: string, curves: readonly Curve[], { layers, cuts, palette }: View, level: number): Panel {
  const drawn = curves
    .map((curve) => ({ ...curve, points: pointsOf(curve, cuts) }))
    .filter((one) => one.points.length > 0)
  const ends = drawn.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]))
  const [low, high] = [Math.min(100 * level, ...ends), Math.max(100 * level, ...ends)]
  const pad = Math.max(0.5, 0.04 * (high - low))
  const first = drawn.some(({ from }) => from !== undefined) ? 0 : cuts[0]!.cut
  const last = cuts.at(-1)!.cut
  const right = Math.ceil(Math.max(...drawn.map(({ name }) => textWidth(name, 11)))) + 14
  const [bottom, top] = [low - pad, high + pad]
  const yOf = (value: number) => TOP + ((top - value) / (top - bottom)) * (HEIGHT - TOP - BOTTOM)
  const labels = apart(
    drawn.map(({ name, points, colour }) => ({ name, colour, y: yOf(points.at(-1)!.y) })),
    13,
  )
  const shown = [...new Set([first, ...cuts.map(({ cut }) => cut)])]
  const drawing = drawPlot({
    width: WIDTH + right,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: right,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { domain: [first, last === first ? first + 1 : last] },
    y: { domain: [bottom, top] },
    color: { type: 'identity' },
    marks: [
      axisY({ fontSize: 11, label: null, ticks: 6, tickSize: 4 }),
      axisX(shown, {
        fontSize: 11,
        label: null,
        tickSize: 4,
        tickFormat: (cut: number) => (cut === 0 ? '0\nbase' : `${cut}\n${layers[cut - 1]}`),
      }),
      ruleY([100 * level], { stroke: palette.muted, strokeDasharray: '2 3' }),
      ...drawn.flatMap(({ points, colour, dashed }) => [
        areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: dashed === true ? 0.1 : 0.18 }),
        line(points, {
          x: 'x',
          y: 'y',
          stroke: colour,
          strokeWidth: 2,
          ...(dashed === true ? { strokeDasharray: '5 4' } : {}),
        }),
        dot(points, { x: 'x', y: 'y', r: 3, fill: colour }),
      ]),
      text(['layers copied, counted from the input'], { frameAnchor: 'bottom', dy: 54, fontSize: 11 }),
    ],
  })
  const names = labels.map(
    ({ name, colour, y }) =>
      `<text x="${WIDTH + 8}" y="${(y + 4).toFixed(1)}" font-size="11" font-weight="600" fill="${colour}">${name}</text>`,
  )
  const said = drawn.map(({ name, points }) => `${name} ${points.map(({ y }) => y.toFixed(1)).join(', ')}`)
  return titledPanel(title, `${title}: ${said.join('; ')}`, WIDTH + right, HEIGHT, drawing + names.join(''))
}

function pointsOf({ at, from }: Curve, cuts: readonly CutSummary[]): Point[] {
  const found = cuts.flatMap((cut) => {
    const estimate = at(cut)
    return estimate === undefined || estimate.count === 0 ? [] : [pointOf(cut.cut, estimate)]
  })
  return from === undefined || found.length === 0 ? found : [pointOf(0, from), ...found]
}

function pointOf(x: number, { mean, error }: Estimate): Point {
  const wide = Number.isFinite(error) ? error : 0
  return { x, y: 100 * mean, low: 100 * (mean - wide), high: 100 * (mean + wide) }
}
