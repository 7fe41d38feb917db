import { z } from 'zod'
import { multiply, scatter, symmetricRoot } from '../../linalg/index.ts'
import { identityStage, linearStage } from '../../onnx/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix } from '../../tensor/index.ts'
import { featureTransfer } from '../feature-transfer.ts'
import { defineMethod } from '../method.ts'
import { poolProblem } from '../rows.ts'

/**
 * Correlation alignment (Sun 2016, algorithm 1): with `C_s = cov(X_s) + λI` and `C_t = cov(X_t) + λI`, source rows are
 * whitened and given the target's correlations, `X_s C_s^-½ C_t^½`, which makes `‖AᵀC_sA − C_t‖_F` zero. Target rows stay
 * as they are.
 */
export const coral = defineMethod({
  id: 'coral',
  name: 'Correlation Alignment',
  family: 'feature',
  paper: { authors: 'Sun, Feng, Saenko', year: 2016, title: 'Return of Frustratingly Easy Domain Adaptation' },
  summary: 'Gives the source rows the covariance of the target rows.',
  cost: 'O(n d² + d³)',
  needs: { sourceLabels: 'some', targetLabels: 'none', features: 'same' },
  options: z.strictObject({
    regularisation: z
      .number()
      .positive()
      .default(1)
      .describe('added to the diagonal of both covariances; the paper takes 1'),
  }),
  async fit(problem, { regularisation }, context) {
    const pooled = poolProblem(problem)
    const map = await alignCovariances(context.runtime, pooled.source.features, pooled.target.features, regularisation)
    return featureTransfer(pooled, { source: linearStage(map), target: identityStage }, context)
  },
})

/** `A = C_s^-½ C_t^½`, `d × d`. */
export async function alignCovariances(
  runtime: Runtime,
  source: Matrix,
  target: Matrix,
  regularisation: number,
): Promise<Matrix> {
  const whitening = await symmetricRoot(
    runtime,
    await regularisedCovariance(runtime, source, regularisation),
    -0.5,
    regularisation,
  )
  const colouring = await symmetricRoot(
    runtime,
    await regularisedCovariance(runtime, target, regularisation),
    0.5,
    regularisation,
  )
  return multiply(runtime, whitening, colouring)
}

/** The sample covariance (divided by `n − 1`) plus `λI`. */
export async function regularisedCovariance(runtime: Runtime, x: Matrix, regularisation: number): Promise<Matrix> {
  const { products } = await scatter(runtime, x)
  const divisor = Math.max(x.rows - 1, 1)
  const result = matrix(x.columns, x.columns)
  for (let i = 0; i < result.data.length; i++) result.data[i] = products.data[i]! / divisor
  for (let j = 0; j < x.columns; j++) {
    const at = j * x.columns + j
    result.data[at] = result.data[at]! + regularisation
  }
  return result
}
