import { type Matrix, rowOf } from '../../../tensor/index.ts'
import { softmaxRows } from '../trainer/selection.ts'

/** Which predictions count as labels. */
export type LabelChoice =
  /** Those of a probability from the threshold on (Lee 2013). */
  | { readonly threshold: number }
  /**
   * Of each predicted class this part of its rows, the surest first and one at least (Zou 2018): so classes that are easily
   * learnt do not give most of them.
   */
  | { readonly part: number }

/** The class of each row that its logits (`n × C`) are sure of; −1 for the other rows. */
export function confidentLabels(logits: Matrix, choice: LabelChoice): Int32Array {
  const probabilities = softmaxRows(logits)
  const best = Int32Array.from({ length: logits.rows }, (_, i) => largest(rowOf(probabilities, i)))
  const sureness = Float64Array.from(best, (label, i) => rowOf(probabilities, i)[label]!)
  if ('threshold' in choice) return best.map((label, i) => (sureness[i]! >= choice.threshold ? label : -1))
  const labels = new Int32Array(logits.rows).fill(-1)
  for (let label = 0; label < logits.columns; label++) {
    const rows = [...best.keys()].filter((i) => best[i] === label).sort((a, b) => sureness[b]! - sureness[a]! || a - b)
    for (const i of rows.slice(0, Math.ceil(rows.length * choice.part))) labels[i] = label
  }
  return labels
}

const largest = (values: Float64Array): number =>
  values.reduce((best, value, at) => (value > values[best]! ? at : best), 0)
