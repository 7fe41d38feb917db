import { DidNotConvergeError } from '../errors.ts'
import { minimise } from '../optimisation/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, rowOf } from '../tensor/index.ts'
import { classMeans, scaledTranspose, toUnitLength } from './class-means.ts'
import { softmaxCrossEntropyLoss } from './logistic-regression.ts'
import type { TrainingRows } from './training-rows.ts'
import { weightedLoss } from './weighted-loss.ts'

/** What a cosine classifier minimises: `Σᵢ wᵢ (−log softmax(xᵢ·V / temperature)_yᵢ) / Σᵢ wᵢ`, each column of `V` of length 1. */
export interface CosineObjective {
  readonly temperature: number
  readonly tolerance: number
  readonly iterations: number
}

/** A gradient of the loss above this at the last step is no solution. */
const UNUSABLE = 1e-3

/** Losses that differ by less are equal but for rounding. */
const ROUNDING = 1e-12

/**
 * Directions `V` (`d × P`, columns of length 1) at a minimum of the objective, for rows of length 1. L-BFGS starts from the
 * directions of the class means and moves vectors `Z` of any length, `V = Z / ‖Z‖`: the objective does not depend on
 * lengths, so that the gradient by `Z` is the one by `V` without its part along `V`. What is minimised is the loss's
 * logarithm: few rows are told apart with losses of 10⁻⁵ and less, and the tolerance holds for the gradient's share of that.
 * Throws `DidNotConvergeError`.
 */
export async function fitCosine(runtime: Runtime, rows: TrainingRows, objective: CosineObjective): Promise<Matrix> {
  const { temperature } = objective
  const p = rows.present.length
  const d = rows.features.columns
  const total = rows.weights.reduce((sum, weight) => sum + weight, 0)
  const dataTerm = weightedLoss(runtime, rows, softmaxCrossEntropyLoss)
  const intercepts = new Float64Array(p)

  const minimum = await minimise(
    async (variables) => {
      const directions = matrix(p, d, variables.slice())
      const lengths = normalise(directions)
      const weights = scaledTranspose(directions, 1 / temperature)
      const { value, gradient } = await dataTerm({ weights, intercepts })
      const byDirections = scaledTranspose(gradient.weights, 1 / (temperature * total))
      for (let k = 0; k < p; k++) alongSphere(rowOf(byDirections, k), rowOf(directions, k), lengths[k])
      const loss = value / total + ROUNDING
      return { value: Math.log(loss), gradient: byDirections.data.map((slope) => slope / loss) }
    },
    startOf(rows),
    objective,
  )
  const slope = minimum.residual * Math.exp(minimum.value)
  if (!(slope <= UNUSABLE || minimum.converged)) {
    throw new DidNotConvergeError('the cosine classifier', slope, 'raise the number of iterations')
  }
  const directions = matrix(p, d, minimum.point)
  normalise(directions)
  return scaledTranspose(directions, 1)
}

/** The directions of the class means, `P × d`; the first axis where a mean has none. */
function startOf(rows: TrainingRows): Float64Array {
  const means = classMeans(rows)
  for (let k = 0; k < means.rows; k++) {
    const mean = rowOf(means, k)
    toUnitLength(mean)
    if (mean.every((value) => value === 0)) mean[0] = 1
  }
  return means.data
}

/** Brings rows to length 1 and gives the lengths they had. */
const normalise = (rows: Matrix): Float64Array =>
  Float64Array.from({ length: rows.rows }, (_, k) => toUnitLength(rowOf(rows, k)))

/** Takes from a gradient its part along the direction, and divides it by the length of the vector that is moved. */
function alongSphere(gradient: Float64Array, direction: Float64Array, length: number): void {
  let along = 0
  for (let j = 0; j < gradient.length; j++) along += gradient[j] * direction[j]
  for (let j = 0; j < gradient.length; j++) gradient[j] = (gradient[j] - along * direction[j]) / length
}
