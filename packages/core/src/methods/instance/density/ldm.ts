import { z } from 'zod'
import { multiply, symmetricPower } from '../../../linalg/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { type Matrix, matrix, sliceRows, stackRows } from '../../../tensor/index.ts'
import { defineMethod } from '../../method.ts'
import { poolProblem } from '../../rows.ts'
import { weightedTransfer, weightingOption } from '../../weighted-transfer.ts'
import { certificate, smallestDiscrepancy, spectralDiscrepancy } from './discrepancy-weights.ts'

/**
 * Linear discrepancy minimisation (Mansour, Mohri and Rostamizadeh 2009): the weights `q` of the source's rows, `q >= 0`, `Σq = 1`,
 * under which no two linear hypotheses of bounded size disagree more in one domain than in the other, in squared loss:
 * `min ‖Σ_i q_i x_i x_iᵀ − (1/n_t) Σ_j t_j t_jᵀ‖` in the spectral norm. By the smooth approximations of Cortes and Mohri 2011: Schatten
 * norms that come closer and closer to the spectral one, each minimised by Nesterov's accelerated projected gradient
 * from where the one before ended.
 */
export const ldm = defineMethod({
  id: 'ldm',
  name: 'Linear Discrepancy Minimisation',
  family: 'instance',
  paper: {
    authors: 'Mansour, Mohri, Rostamizadeh',
    year: 2009,
    title: 'Domain Adaptation: Learning Bounds and Algorithms',
  },
  summary: 'Weighs the source’s rows until linear hypotheses disagree as much in either domain.',
  cost: 'O(n d² + d³) per step',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'same', task: 'either', memory: 'linear' },
  options: z.strictObject({
    intercept: z
      .boolean()
      .default(true)
      .describe('hypotheses have a constant term, as classifiers do: the means of the domains count too'),
    iterations: z
      .number()
      .int()
      .positive()
      .default(30)
      .describe('steps at most with each of seven norms: more come closer to the smallest discrepancy'),
    ...weightingOption,
  }),
  async fit(problem, { intercept, iterations, weighting }, context) {
    const pooled = poolProblem(problem)
    const { runtime } = context
    const { source, moment } = await momentProblem(runtime, pooled.source.features, pooled.target.features, intercept)
    const even = new Float64Array(source.rows).fill(1 / source.rows)
    const weights = await smallestDiscrepancy(context, source, moment, iterations)
    const before = await spectralDiscrepancy(context, source, moment, even)
    const after = await certificate(context, source, moment, weights)
    return weightedTransfer(pooled, weights, weighting, context, {
      discrepancyBefore: before,
      discrepancy: after.discrepancy,
      lowerBound: after.lowerBound,
    })
  },
})

/** Rows and the target's second moments, in as few dimensions as there are rows where those are fewer than features. */
export async function momentProblem(runtime: Runtime, source: Matrix, target: Matrix, intercept: boolean) {
  let rows = stackRows([source, target])
  if (intercept) rows = withConstant(rows)
  if (rows.rows < rows.columns) {
    // M's eigenvalues depend on the rows' products alone, and K^½ has the same.
    rows = await symmetricPower(runtime, await multiply(runtime, rows, rows, { b: true }), 0.5)
  }
  const ofTarget = sliceRows(rows, source.rows, rows.rows)
  const { rows: d, data } = await multiply(runtime, ofTarget, ofTarget, { a: true })
  return {
    source: sliceRows(rows, 0, source.rows),
    moment: matrix(
      d,
      d,
      data.map((value) => value / target.rows),
    ),
  }
}

function withConstant(x: Matrix): Matrix {
  const result = matrix(x.rows, x.columns + 1)
  for (let i = 0; i < x.rows; i++) {
    result.data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), i * result.columns)
    result.data[(i + 1) * result.columns - 1] = 1
  }
  return result
}
