import { barsPanel } from '../figures/bars-panel.ts'
import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import { percent } from '../text.ts'
import type { TunedRun } from './tuning-report.ts'

/** The accuracy of each depth that was tried, the chosen one in its own colour; null where none was. */
export function depthFigure({ trials, reuse, blocks }: TunedRun, palette: Palette): Figure | null {
  if (trials.length === 0) return null
  const bars = trials.map((trial) => ({
    name: `${trial.reuse} of ${blocks}${trial.reuse === reuse ? ' ★' : ''}`,
    value: trial.accuracy,
    label: percent(trial.accuracy),
    colour: trial.reuse === reuse ? palette.better : palette.bar,
  }))
  const alt = `Accuracy on rows held out by the number of blocks kept: ${bars.map(({ name, label }) => `${name} ${label}`).join(', ')}`
  return {
    id: 'depth',
    title: 'Blocks kept as they are',
    columns: 1,
    panels: [barsPanel({ title: 'Accuracy on rows held out', alt, bars, domain: [0, 1] }, palette)],
  }
}
