import { type Curve, curvePanel } from '../figures/curve-panel.ts'
import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import { percent, shortNumber } from '../text.ts'
import type { TunedRun } from './tuning-report.ts'

/** Loss and accuracy by epoch, of the rows trained on and of those held out; null where nothing was trained. */
export function curvesFigure({ epochs, bestEpoch, scores }: TunedRun, palette: Palette): Figure | null {
  if (epochs.length === 0) return null
  const curve = (
    name: string,
    colour: string,
    of: (epoch: TunedRun['epochs'][number]) => number | null | undefined,
  ) => {
    const points = epochs.flatMap((each) => {
      const value = of(each)
      return value === null || value === undefined || !Number.isFinite(value) ? [] : [{ epoch: each.epoch, value }]
    })
    return points.length === 0 ? [] : [{ name, colour, points } satisfies Curve]
  }
  const parts = partsOf(epochs)
  const loss = [
    ...curve(parts.length > 0 ? 'training, total' : 'training', palette.source, (epoch) => epoch.loss),
    ...parts.flatMap((name, i) =>
      curve(name, palette.classes[(i + 2) % palette.classes.length]!, (epoch) => epoch.losses?.[name]),
    ),
    ...curve('held out', palette.target, (epoch) => epoch.validationLoss),
  ]
  const accuracy = [
    ...curve('training', palette.source, (epoch) => epoch.trainAccuracy),
    ...curve('held out', palette.target, (epoch) => epoch.validationAccuracy),
  ]
  const level = accuracy.length > 1 ? scores.head.validation : null
  const [most, least] = [valuesOf(loss), [...valuesOf(accuracy), ...(level === null ? [] : [level])]]
  const final = epochs.at(-1)!
  const marked = bestEpoch
  return {
    id: 'curves',
    title: bestEpoch > 0 ? `Epoch by epoch; the shaded one, ${bestEpoch}, was kept` : 'Epoch by epoch',
    columns: 2,
    panels: [
      curvePanel(
        {
          title: 'Loss',
          alt: `Loss by epoch: ${loss.map(({ name, points }) => `${name} from ${shortNumber(points[0]!.value)} to ${shortNumber(points.at(-1)!.value)}`).join(', ')}`,
          curves: loss,
          domain: [0, Math.max(...most) * 1.05 || 1],
          marked,
        },
        palette,
      ),
      curvePanel(
        {
          title: 'Accuracy, percent',
          alt: `Accuracy by epoch: at the last one ${percent(final.trainAccuracy)} of the training rows${final.validationAccuracy === null ? '' : ` and ${percent(final.validationAccuracy)} of those held out`}`,
          curves: accuracy,
          domain: [Math.max(0, Math.floor(Math.min(...least) * 10 - 0.5) / 10), 1],
          unit: 100,
          marked,
          level: level === null ? null : { value: level, name: 'head on fixed features' },
        },
        palette,
      ),
    ],
  }
}

const valuesOf = (curves: readonly Curve[]): number[] =>
  curves.flatMap(({ points }) => points.map(({ value }) => value))

/** The losses' names, where there are several. */
function partsOf(epochs: TunedRun['epochs']): readonly string[] {
  const names = [...new Set(epochs.flatMap(({ losses = {} }) => Object.keys(losses)))]
  return names.length > 1 ? names : []
}
