import { type FewShot, type FewShotRequest, fewShot } from 'graft-learn'
import { type FewShotSummary, fewShotSummary } from './few-shot-summary.ts'
import { fewShotText } from './few-shot-text.ts'

/** A classifier on features, and what is said of it. */
export interface LearntFewShot {
  /** From features (`N × d`) to class probabilities (`N × classes`). */
  readonly stage: FewShot['stage']
  /** The rows it was fitted on, ascending. */
  readonly rows: Int32Array
  /** For `--json` and the report; `fewShotFigure` draws it. */
  readonly summary: FewShotSummary
  /** For the console. */
  readonly lines: readonly string[]
}

/** Learns classes from `shots` rows of each: see `fewShot`. `called` is what the rows are called: images, rows. */
export async function learnFewShot(request: FewShotRequest, called = 'rows'): Promise<LearntFewShot> {
  const result = await fewShot(request)
  const summary = fewShotSummary(result, request.shots)
  return { stage: result.stage, rows: result.rows, summary, lines: fewShotText(summary, called) }
}
