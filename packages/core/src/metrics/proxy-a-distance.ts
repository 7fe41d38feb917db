import { logisticRegression } from '../classifiers/index.ts'
import { applyStages, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, type Random, stackRows, takeRows } from '../tensor/index.ts'
import { checkDomains } from './domain-sample.ts'

export interface ProxyADistanceOptions {
  /** Rows of each domain at most. Default 1000. */
  readonly rows?: number
}

/**
 * The proxy A-distance `2(1 − 2ε)` between two domains (`n_s × d`, `n_t × d`): `ε` is the held-out error of logistic regression
 * that tells source rows from target rows. 0 where it cannot, 2 where it always can; clamped to that range. As many rows
 * of each domain are drawn, by a stream forked from `random`: half to fit, half to test, scaled by the fitting half's means
 * and deviations. Needs two rows of each.
 *
 * Ben-David, Blitzer, Crammer, Pereira 2007, Analysis of Representations for Domain Adaptation.
 */
export async function proxyADistance(
  source: Matrix,
  target: Matrix,
  context: { readonly runtime: Runtime; readonly random: Random },
  { rows = 1000 }: ProxyADistanceOptions = {},
): Promise<number> {
  checkDomains(source, target, 2)
  const random = context.random.fork('proxy-a-distance')
  const count = Math.min(source.rows, target.rows, Math.max(2, rows))
  const orders = [random.fork('source').permutation(source.rows), random.fork('target').permutation(target.rows)]
  const half = count >> 1
  const draw = (from: number, to: number): Matrix =>
    stackRows([takeRows(source, orders[0].slice(from, to)), takeRows(target, orders[1].slice(from, to))])
  const fitting = draw(0, count - half)
  const testing = draw(count - half, count)
  const labels = Int32Array.from({ length: fitting.rows }, (_, i) => (i < count - half ? 0 : 1))
  const set = { features: scaledLike(fitting, fitting), labels, classes: 2 }
  const stage = await logisticRegression.fit(set, logisticRegression.options.parse({ tolerance: 1e-4 }), context)
  const { data } = await applyStages(context.runtime, [stage], scaledLike(testing, fitting))
  let errors = 0
  for (let i = 0; i < testing.rows; i++) {
    const lead = (data[2 * i] - data[2 * i + 1]) * (i < half ? 1 : -1)
    errors += lead > 0 ? 0 : lead < 0 ? 1 : 0.5
  }
  return Math.min(2, Math.max(0, 2 * (1 - (2 * errors) / testing.rows)))
}

/** `x` with the mean of `reference`'s columns subtracted, divided by their deviation where they vary. */
function scaledLike(x: Matrix, reference: Matrix): Matrix {
  const { rows, columns, data } = reference
  const result = matrix(x.rows, columns)
  for (let j = 0; j < columns; j++) {
    let sum = 0
    for (let i = 0; i < rows; i++) sum += data[i * columns + j]
    const mean = sum / rows
    let squares = 0
    for (let i = 0; i < rows; i++) squares += (data[i * columns + j] - mean) ** 2
    const spread = Math.sqrt(squares / rows)
    const deviation = spread > 1e-12 * Math.abs(mean) ? spread : 1
    for (let i = 0; i < x.rows; i++) result.data[i * columns + j] = (x.data[i * columns + j] - mean) / deviation
  }
  return result
}
