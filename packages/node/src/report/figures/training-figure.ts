import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import type { TrainingEpoch, TrainingReport } from '../report-data.ts'
import { percent, shortNumber } from '../text.ts'
import { type Curve, curvePanel } from './curve-panel.ts'

/** What a discriminator's right answers are called among the losses: a share, drawn with the accuracies. */
const SHARES = ['discriminator accuracy']

/** Each loss, the discrepancy and the shares by epoch, stages one after the other; the last panels where there are any. */
export function trainingFigure({ epochs, kept }: TrainingReport, palette: Palette): Figure | null {
  if (epochs.length === 0) return null
  const first = epochs.findIndex(({ stage }) => stage === epochs.at(-1)!.stage)
  const curve = (name: string, colour: string, of: (epoch: TrainingEpoch) => number | null | undefined): Curve[] => {
    const points = epochs.flatMap((each, i) => {
      const value = of(each)
      return value === null || value === undefined || !Number.isFinite(value) ? [] : [{ epoch: i + 1, value }]
    })
    return points.length === 0 ? [] : [{ name, colour, points }]
  }
  const names = [...new Set(epochs.flatMap(({ losses }) => Object.keys(losses)))]
  const coloured = (name: string, i: number) =>
    curve(name, palette.classes[i % palette.classes.length]!, ({ losses }) => losses[name])
  const losses = names.filter((name) => !SHARES.includes(name)).flatMap(coloured)
  const distance = curve('source and target features', palette.source, ({ discrepancy }) => discrepancy)
  const shares = [
    ...curve('target accuracy, an onlooker’s', palette.target, ({ onlooker }) => onlooker),
    ...names
      .filter((name) => SHARES.includes(name))
      .flatMap((name) => curve(name, palette.muted, (e) => e.losses[name])),
  ]
  const marked = first + kept
  const panel = (title: string, what: string, curves: readonly Curve[], percentages = false) => {
    const all = curves.flatMap(({ points }) => points.map(({ value }) => value))
    const show = (value: number) => (percentages ? percent(value) : shortNumber(value))
    const told = curves.map(
      ({ name, points }) => `${name} from ${show(points[0]!.value)} to ${show(points.at(-1)!.value)}`,
    )
    const domain: [number, number] = percentages
      ? [Math.max(0, Math.floor(Math.min(...all) * 10 - 0.5) / 10), 1]
      : [Math.min(0, ...all), Math.max(...all) * 1.05 || 1]
    const view = { title, alt: `${what} by epoch: ${told.join(', ')}`, curves, domain, marked }
    return curvePanel({ ...view, ...(percentages && { unit: 100 }) }, palette)
  }
  const panels = [
    ...(losses.length === 0 ? [] : [panel('Losses, before their factors', 'Losses', losses)]),
    ...(distance.length === 0 ? [] : [panel('Maximum mean discrepancy of the features', 'Discrepancy', distance)]),
    ...(shares.length === 0 ? [] : [panel('Percent', 'Shares', shares, true)]),
  ]
  const onlooker = epochs.some((epoch) => epoch.onlooker !== null)
    ? '; the target’s own labels only look on, and choose nothing'
    : ''
  return { id: 'training', title: `Training, epoch by epoch${onlooker}`, columns: 2, panels }
}
