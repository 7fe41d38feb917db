import type { Matrix } from '../../../tensor/index.ts'
import { rowOf } from '../../../tensor/index.ts'
import type { DeepSettings } from '../settings.ts'

/** A score of predictions for unlabelled rows by which an epoch may be chosen; higher is better. */
export type Selection = Exclude<DeepSettings['select'], 'last'>

/** Rows that the neighbourhoods are looked at of, at most. */
const MOST = 1000
/** Of the similarities, as in Saito 2021. */
const TEMPERATURE = 0.05

/**
 * The score of logits, `n × outputs`. `entropy`: minus the mean entropy of the rows' predictions. `information`: the entropy of the mean
 * prediction less that (Shi and Sha 2012). `neighbourhood`: the mean entropy of how similar a row's prediction is to each
 * other row's, softmax of cosines over a temperature of 0.05, of the first 1,000 rows (Saito et al. 2021).
 */
export function selectionScore(selection: Selection, logits: Matrix): number {
  const predictions = softmaxRows(logits)
  if (selection === 'neighbourhood') return neighbourhoodDensity(predictions)
  let own = 0
  const mean = new Float64Array(logits.columns)
  for (let i = 0; i < predictions.rows; i++) {
    const row = rowOf(predictions, i)
    own += entropyOf(row) / predictions.rows
    row.forEach((value, c) => {
      mean[c] = mean[c]! + value / predictions.rows
    })
  }
  return selection === 'entropy' ? -own : entropyOf(mean) - own
}

/** The softmax of each row. */
export function softmaxRows(logits: Matrix): Matrix {
  const data = new Float64Array(logits.data.length)
  for (let i = 0; i < logits.rows; i++) {
    const row = rowOf(logits, i)
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    let sum = 0
    row.forEach((value, c) => {
      const power = Math.exp(value - most)
      data[i * logits.columns + c] = power
      sum += power
    })
    for (let c = 0; c < logits.columns; c++) data[i * logits.columns + c]! /= sum
  }
  return { rows: logits.rows, columns: logits.columns, data }
}

const entropyOf = (probabilities: Float64Array): number =>
  probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)

function neighbourhoodDensity(predictions: Matrix): number {
  const rows = Math.min(predictions.rows, MOST)
  const units = Array.from({ length: rows }, (_, i) => {
    const row = rowOf(predictions, i)
    const norm = Math.sqrt(row.reduce((sum, p) => sum + p * p, 0))
    return row.map((p) => p / norm)
  })
  let total = 0
  for (let i = 0; i < rows; i++) {
    // Cosines are at most 1, so that none of the powers overflows.
    const powers = units.map((other, j) =>
      i === j ? 0 : Math.exp((other.reduce((sum, p, c) => sum + p * units[i]![c]!, 0) - 1) / TEMPERATURE),
    )
    const sum = powers.reduce((a, b) => a + b, 0)
    if (sum > 0) total += entropyOf(Float64Array.from(powers, (power) => power / sum))
  }
  return total / rows
}
