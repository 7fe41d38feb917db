import type { Evaluation } from './evaluate-rows.ts'

/** How rows fared in sum. */
type Fared = Pick<Evaluation, 'accuracy' | 'loss'>

/** A loss moves a score by this much at most: less than one row of fewer than a million. */
const LEAST = 1e-6

/** One number that orders evaluations by accuracy and, of equal accuracies, by loss; one that is no number is the worst. */
export const validationScore = ({ accuracy, loss }: Fared): number =>
  accuracy - LEAST * (Number.isFinite(loss) ? loss / (1 + loss) : 1)

/** The evaluation on `rows` rows that a score stands for, the loss to about six digits. */
export function evaluationIn(score: number, rows: number): Fared {
  const accuracy = Math.ceil(score * rows - 1e-9) / rows
  const part = Math.min(Math.max((accuracy - score) / LEAST, 0), 1 - 1e-12)
  return { accuracy, loss: part / (1 - part) }
}
