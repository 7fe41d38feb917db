import { copyTreatments, runName } from 'graft-learn'
import { textTable } from '../cli/text-table.ts'
import type { FiltersDrawn, Transferability } from './call.ts'
import { findingsOf, headlineOf, points, shareText } from './findings.ts'

/** What was found, for people. */
export function transferabilityText(result: Transferability): string {
  const { data, settings, layers, summary, seconds, files } = result
  const { base, cuts } = summary
  const tried = copyTreatments.filter((one) => cuts.some(({ accuracy }) => accuracy[one] !== undefined))
  const table = textTable(cuts, [
    { title: 'N', align: 'right', cell: ({ cut }) => `${cut}` },
    { title: 'UP TO', cell: ({ cut }) => layers[cut - 1]! },
    ...tried.map((treatment) => ({
      title: runName({ treatment, cut: 'n', task: 'B' }),
      align: 'right' as const,
      cell: ({ accuracy }: (typeof cuts)[number]) => shareText(accuracy[treatment]),
    })),
    { title: 'CO-ADAPTATION', align: 'right', cell: ({ coAdaptation }) => points(coAdaptation) },
    { title: 'SPECIFICITY', align: 'right', cell: ({ specificity }) => points(specificity) },
    { title: 'GAIN', align: 'right', cell: ({ gain }) => points(gain) },
  ])
  return [
    `${data.file}: ${data.rows} rows, ${data.classes.length} classes; ${settings.network}, ${settings.repetitions} repetitions, ${seconds.total.toFixed(0)} s`,
    `${headlineOf(result)}.`,
    `Accuracy in percent ± standard error; base A ${shareText(base.A)}, base B ${shareText(base.B)}`,
    table,
    findingsOf(result).join('\n'),
    `Report: ${files.report}`,
  ].join('\n\n')
}

export const filtersText = ({ model, filters, files }: FiltersDrawn): string =>
  `${model}: ${filters.count} filters over ${filters.channels} ${filters.channels === 1 ? 'channel' : 'channels'} (${filters.parameter}), drawn in ${files.filters}`
