import { percent } from '../report/text.ts'
import type { ShotsOutcome } from '../tune/shots-result.ts'

/** What `graft tune --shots K` says without `--json`. */
export const shotsText = ({ scores, files, seconds }: ShotsOutcome, lines: readonly string[]): string =>
  [
    ...lines,
    ...(scores.test === null ? [] : ['', `Accuracy on the test rows: ${percent(scores.test)}.`]),
    `${seconds.total.toFixed(1)} s in all`,
    '',
    `Model:       ${files.model}`,
    ...(files.predictions === undefined ? [] : [`Predictions: ${files.predictions}`]),
    `Report:      ${files.report}`,
  ].join('\n')
