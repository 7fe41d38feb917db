import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import type { RunReport } from '../report-data.ts'
import { count, methodLabel, percent } from '../text.ts'
import { barsPanel } from './bars-panel.ts'

/** Recall of each class; where the target has no labels, how many rows were given to each. */
export function classesFigure(
  run: Pick<RunReport, 'perClass' | 'predictedCounts' | 'method'>,
  classes: readonly string[],
  palette: Palette,
): Figure {
  const { perClass } = run
  const label = methodLabel(run.method)
  const [title, bars] =
    perClass === null
      ? ['Rows given to each class', classes.map((name, i) => ({ name, value: run.predictedCounts[i] ?? 0 }))]
      : [
          'Recall: the share of a class that was found',
          perClass.map(({ name, recall, support }) => ({ name, value: support > 0 ? recall : Number.NaN })),
        ]
  const say = (value: number) =>
    perClass === null ? count(value) : Number.isFinite(value) ? percent(value) : 'no rows'
  return {
    id: 'classes',
    title: 'Class by class',
    columns: 1,
    panels: [
      barsPanel(
        {
          title,
          alt: `${title}, ${label}: ${bars.map((bar) => `${bar.name} ${say(bar.value)}`).join(', ')}`,
          bars: bars.map((bar) => ({ ...bar, label: say(bar.value) })),
          ...(perClass === null ? {} : { domain: [0, 1] as const }),
        },
        palette,
      ),
    ],
  }
}
