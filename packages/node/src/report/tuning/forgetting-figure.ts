import { barsPanel } from '../figures/bars-panel.ts'
import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import { count, percent } from '../text.ts'
import type { TunedRun } from './tuning-report.ts'

/** The old task's accuracy before and after; null where no rows of it were given. */
export function forgettingFigure({ forgetting }: TunedRun, palette: Palette): Figure | null {
  if (forgetting === null) return null
  const { rows, before, after } = forgetting
  const bars = [
    { name: 'before', value: before, label: percent(before), colour: palette.before },
    { name: 'after', value: after, label: percent(after), colour: after < before ? palette.worse : palette.better },
  ]
  return {
    id: 'forgetting',
    title: 'What is left of the old task',
    columns: 1,
    panels: [
      barsPanel(
        {
          title: `Accuracy on ${count(rows)} of its rows`,
          alt: `Accuracy on the old task: ${percent(before)} before tuning, ${percent(after)} after`,
          bars,
          domain: [0, 1],
        },
        palette,
      ),
    ],
  }
}
