import { basename } from 'node:path'
import type { Comparison, Outcome, Scores } from '../adapt/outcome.ts'
import { percent, pointsBetween, signed } from '../report/text.ts'
import { styled } from './console.ts'
import { textTable } from './text-table.ts'

/** What `graft adapt` says without `--json`. */
export const adaptText = (result: Outcome | Comparison): string =>
  'methods' in result ? comparisonText(result) : outcomeText(result)

function outcomeText(outcome: Outcome): string {
  const { source, target, shift, files, seconds } = outcome
  const names = source.map(({ file }) => basename(file)).join(' + ')
  return [
    `${names} (${sum(source.map(({ rows }) => rows))} rows) to ${basename(target.file)} (${target.rows} rows), ` +
      `${target.features} features, ${outcome.classes.length} classes`,
    `${outcome.method}, ${outcome.classifier}, scale ${outcome.scale}: fitted in ${seconds.fit.toFixed(2)} s`,
    '',
    outcome.scores === null ? 'The target carries no labels: no score.' : verdict(outcome.method, outcome.scores),
    'Distance between the domains:',
    textTable(
      [
        { state: '  as in the files', mmd: shift.mmdRaw, proxy: shift.proxyADistanceRaw },
        { state: `  prepared (${outcome.scale})`, mmd: shift.mmdBefore, proxy: shift.proxyADistanceBefore },
        { state: '  after the transfer', mmd: shift.mmdAfter, proxy: shift.proxyADistanceAfter },
      ],
      [
        { title: '', cell: ({ state }) => state },
        { title: 'MMD', align: 'right', cell: ({ mmd }) => figure(mmd) },
        { title: 'A-DISTANCE', align: 'right', cell: ({ proxy }) => figure(proxy) },
      ],
    ),
    '',
    `Model:       ${files.model}`,
    `Predictions: ${files.predictions}`,
    `Report:      ${files.report}`,
  ].join('\n')
}

/** Whether the transfer helped, in a sentence that does not flatter. */
export function verdict(method: string, { sourceOnly, adapted }: Scores): string {
  const from = `accuracy ${percent(sourceOnly)} without transfer, ${percent(adapted)} with it`
  if (method === 'none') return `Accuracy ${percent(adapted)}, without transfer (method none).`
  if (method === 'target-only') {
    return `Accuracy ${percent(adapted)} from the labelled target rows alone, ${percent(sourceOnly)} from the source alone: no transfer.`
  }
  const gain = points(adapted, sourceOnly)
  if (adapted < sourceOnly)
    return styled('red', `Transfer hurt: ${from} (${gain}). Use the source alone, or another method.`)
  if (adapted === sourceOnly) return `Transfer changed nothing: ${from}.`
  return styled('green', `Transfer helped: ${from} (${gain}).`)
}

function comparisonText({ methods, files }: Comparison): string {
  const scored = methods.every(({ scores }) => scores !== null)
  const table = textTable(methods, [
    { title: 'METHOD', cell: ({ method }) => method },
    { title: 'ACCURACY', align: 'right', cell: ({ scores }) => (scores === null ? '-' : percent(scores.adapted)) },
    {
      title: 'GAIN',
      align: 'right',
      cell: ({ scores, method }) =>
        scores === null || method === 'none' ? '-' : points(scores.adapted, scores.sourceOnly),
    },
    { title: 'MMD', align: 'right', cell: ({ shift }) => figure(shift.mmdAfter) },
    { title: 'A-DISTANCE', align: 'right', cell: ({ shift }) => figure(shift.proxyADistanceAfter) },
    { title: 'FIT SECONDS', align: 'right', cell: ({ seconds }) => seconds.fit.toFixed(2) },
  ])
  const lines = [table, '', scored ? summary(methods) : 'The target carries no labels: no scores.']
  return [...lines, `Report: ${files.report}`].join('\n')
}

function summary(methods: readonly Outcome[]): string {
  const moved = methods.filter(({ method }) => method !== 'none' && method !== 'target-only')
  const { sourceOnly } = methods[0]!.scores!
  if (moved.length === 0) return ''
  const best = moved.reduce((a, b) => (b.scores!.adapted > a.scores!.adapted ? b : a))
  const hurt = moved.filter(({ scores }) => scores!.adapted < sourceOnly).map(({ method }) => method)
  const first =
    best.scores!.adapted > sourceOnly
      ? `Best: ${best.method}, accuracy ${percent(best.scores!.adapted)} against ${percent(sourceOnly)} without transfer.`
      : `No method does better than the source alone (accuracy ${percent(sourceOnly)}).`
  return hurt.length === 0 ? first : `${first}\n${styled('red', `Transfer hurt with ${hurt.join(', ')}.`)}`
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The difference of two scores as they are printed, in points; with more decimals where it would look like none. */
function points(score: number, reference: number): string {
  const gain = 100 * (score - reference)
  const printed = pointsBetween(score, reference)
  return printed !== 0 || gain === 0 ? signed(printed) : `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(3)}`
}

const figure = (value: number): string => value.toPrecision(3)
