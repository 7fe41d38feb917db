import { basename } from 'node:path'
import { percent, pointsBetween, signed } from '../report/text.ts'
import type { TuneOutcome } from '../tune/tune-result.ts'
import { styled } from './console.ts'
import { textTable } from './text-table.ts'

/** What `graft tune` says without `--json`. */
export function tuneText(outcome: TuneOutcome): string {
  const { train, classes, strategy, trainable, why, forgetting, files, seconds } = outcome
  const skipped = train.skipped === 0 ? '' : `, ${train.skipped} left out`
  return [
    `${basename(train.file)}: ${train.rows} rows of ${classes.length} classes${skipped}`,
    `${strategy}: ${trainable.parameters.toLocaleString('en')} numbers in ${trainable.tensors} tensors trained; ${why}`,
    ...trialsText(outcome),
    '',
    ...verdicts(outcome),
    ...(forgetting === null
      ? []
      : [
          `Old task, ${forgetting.rows} rows: ${percent(forgetting.before)} before, ${percent(forgetting.after)} after.`,
        ]),
    `${seconds.total.toFixed(1)} s in all`,
    '',
    `Model:       ${files.model}`,
    ...(files.predictions === undefined ? [] : [`Predictions: ${files.predictions}`]),
    ...(files.report === undefined ? [] : [`Report:      ${files.report}`]),
  ].join('\n')
}

function trialsText({ trials }: TuneOutcome): string[] {
  if (trials.length === 0) return []
  return [
    textTable(trials, [
      { title: 'KEPT BLOCKS', align: 'right', cell: ({ reuse }) => `${reuse}` },
      { title: 'HELD OUT', align: 'right', cell: ({ accuracy }) => percent(accuracy) },
      { title: 'SECONDS', align: 'right', cell: ({ seconds }) => seconds.toFixed(1) },
    ]),
  ]
}

/** Whether tuning helped, beside the head on fixed features, in sentences that do not flatter. */
function verdicts({ scores, bestEpoch, epochs, train, strategy, interrupted }: TuneOutcome): string[] {
  const lines: string[] = []
  if (scores.validation !== null)
    lines.push(`Accuracy on rows held out of ${basename(train.file)}: ${percent(scores.validation)}.`)
  if (bestEpoch === 0 && epochs.length > 0 && strategy !== 'head' && !interrupted) {
    lines.push(
      styled('yellow', 'Training was not clearly better than the head on fixed features, which is what was kept.'),
    )
  }
  if (scores.test === null) return lines
  const { test } = scores.head
  if (test === null || bestEpoch === 0) return [...lines, `Accuracy on the test rows: ${percent(scores.test)}.`]
  const gain = signed(pointsBetween(scores.test, test))
  const sentence = `Accuracy on the test rows: ${percent(scores.test)}, with the head on fixed features ${percent(test)} (${gain})`
  return [...lines, styled(scores.test < test ? 'red' : 'green', `${sentence}.`)]
}
