import { definitionsHtml, tableHtml } from '../page/html.ts'
import { count, duration, escapeHtml, percent, pointsBetween, signed } from '../text.ts'
import type { ScoredReport, TuningReportData } from './tuning-report.ts'

/** Validation and test, of the tuned network and of the head on fixed features. */
export function scoresTable({ run, strategy }: TuningReportData): string {
  const { scores } = run
  const gain = (score: number | null, head: number | null) =>
    score === null || head === null ? '–' : signed(pointsBetween(score, head))
  const columns = [{ heading: 'accuracy' }, { heading: 'held out', numeric: true }, { heading: 'test', numeric: true }]
  const rows = [
    ['head on fixed features', percent(scores.head.validation), percent(scores.head.test)],
    [`<strong>${escapeHtml(strategy.name)}</strong>`, percent(scores.validation), percent(scores.test)],
    ['gain, points', gain(scores.validation, scores.head.validation), gain(scores.test, scores.head.test)],
  ]
  return tableHtml(columns, rows)
}

/** Precision, recall and F1 of each class. */
export function classTable({ perClass }: ScoredReport): string {
  const columns = [
    { heading: 'class' },
    ...['rows', 'precision', 'recall', 'F1'].map((heading) => ({ heading, numeric: true })),
  ]
  const rows = perClass.map(({ name, support, precision, recall, f1 }) => [
    escapeHtml(name),
    count(support),
    percent(precision),
    percent(support > 0 ? recall : null),
    percent(f1),
  ])
  return tableHtml(columns, rows)
}

/** The depths that were tried. */
export function trialsTable({ run }: TuningReportData): string {
  const { trials, reuse, blocks } = run
  const columns = [
    { heading: 'blocks kept' },
    ...['trained', 'held out', 'loss', 'epochs', 'time'].map((heading) => ({ heading, numeric: true })),
  ]
  const rows = trials.map((trial) => [
    trial.reuse === reuse ? `<strong>${trial.reuse}</strong> <span class="best">★ chosen</span>` : `${trial.reuse}`,
    `${blocks - trial.reuse}`,
    percent(trial.accuracy),
    trial.loss === undefined ? '–' : trial.loss.toFixed(3),
    trial.epochs === undefined ? '–' : count(trial.epochs),
    duration(trial.seconds),
  ])
  return tableHtml(columns, rows)
}

/** Files, what was trained, settings, findings and times. */
export function settingsHtml({ run, strategy }: TuningReportData): string {
  const block = (title: string, entries: readonly (readonly [string, unknown])[]) =>
    `<section><h4>${title}</h4>${definitionsHtml(entries)}</section>`
  const rows = ({ file, rows, skipped }: { file: string; rows: number; skipped: number }) =>
    `${file}: ${count(rows)} rows${skipped === 0 ? '' : `, ${count(skipped)} files left out`}`
  const { trainable, test } = run
  const listed =
    run.classes.length > 30 ? [...run.classes.slice(0, 29), `and ${run.classes.length - 29} more`] : run.classes
  const blocks = [
    block('Data', [
      ['network', run.model],
      ['training', rows(run.train)],
      ['test', test === null ? 'none' : rows(test)],
      ['classes', `${run.classes.length}: ${listed.join(', ')}`],
    ]),
    block('Trained', [
      ['blocks kept', `${run.reuse} of ${run.blocks}`],
      ['parameters', `${count(trainable.parameters)} in ${count(trainable.tensors)} tensors`],
      ['epochs', run.epochs.length],
      ['weights of', weightsOf(run)],
      ...Object.entries(run.facts),
    ]),
    block('Settings', [
      ['strategy', strategy.id],
      ...Object.entries(run.options),
      ...Object.entries(run.settings),
      ['seed', run.seed],
    ]),
    block(
      'Time',
      Object.entries(run.seconds).map(([name, seconds]) => [name, duration(seconds)]),
    ),
  ]
  return `<div class="settings">${blocks.join('')}</div>`
}

function weightsOf({ bestEpoch, refitted }: TuningReportData['run']): string {
  if (bestEpoch === 0) return 'the start: the head on fixed features'
  const epochs = bestEpoch === 1 ? 'epoch' : 'epochs'
  return refitted ? `a second training on all rows, ${bestEpoch} ${epochs} long` : `epoch ${bestEpoch}`
}
