import { DidNotConvergeError } from '../errors.ts'
import { minimise } from '../optimisation/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { matrix } from '../tensor/index.ts'
import { weightedMean } from './centred-products.ts'
import type { LinearLoss } from './linear-loss.ts'
import type { LinearModel } from './linear-stage.ts'
import { preconditioner } from './preconditioner.ts'
import { spanRows } from './span-rows.ts'
import type { TrainingRows } from './training-rows.ts'
import { weightedLoss } from './weighted-loss.ts'

/** What a linear classifier minimises: `C·Σᵢ wᵢ ℓᵢ + ½·(a·‖W‖² + b·‖intercepts‖²)`. */
export interface LinearObjective {
  readonly loss: LinearLoss
  /** `C`. */
  readonly c: number
  /** `a`. */
  readonly weightPenalty: number
  /** `b`. */
  readonly interceptPenalty: number
  readonly tolerance: number
  readonly iterations: number
}

/** A gradient above this at the last step is no solution. */
const UNUSABLE = 1e-3

/**
 * Minimises the objective by L-BFGS. Where rows are few and have more features than there are rows, in coordinates of what
 * they span: the optimal weights lie there, and a step costs a hundredth. Where a `prior` model is given, the penalties hold
 * for the difference from it. Throws `DidNotConvergeError`.
 */
export async function fitLinear(
  runtime: Runtime,
  rows: TrainingRows,
  objective: LinearObjective,
  prior?: LinearModel,
): Promise<LinearModel> {
  // A penalised intercept pulls the weights out of the span of the rows around their mean.
  const asGiven = prior !== undefined || objective.interceptPenalty !== 0 || rows.features.sparse !== undefined
  if (asGiven) return fitAsGiven(runtime, rows, objective, prior)
  const mean = weightedMean(rows.features, rows.weights)
  const span = await spanRows(runtime, rows.features, mean)
  if (span === undefined) return fitAsGiven(runtime, rows, objective)
  const found = await fitAsGiven(runtime, { ...rows, features: span.rows }, objective)
  const weights = await span.weights(found.weights)
  const intercepts = found.intercepts.slice()
  for (let j = 0; j < weights.rows; j++) {
    for (let k = 0; k < intercepts.length; k++) intercepts[k] -= mean[j] * weights.data[j * intercepts.length + k]
  }
  return { weights, intercepts }
}

/**
 * Minimises the objective, divided by `C·Σᵢ wᵢ`. The variables are `U` and the decision values at the mean row, `c`:
 * `W = T·U` (see `preconditioner`), `intercepts = c − mean·W`, or with a `prior` the differences from it.
 */
async function fitAsGiven(
  runtime: Runtime,
  rows: TrainingRows,
  objective: LinearObjective,
  prior?: LinearModel,
): Promise<LinearModel> {
  const d = rows.features.columns
  const p = rows.present.length
  const total = rows.weights.reduce((sum, weight) => sum + weight, 0)
  const ridge = objective.weightPenalty / (objective.c * total)
  const interceptRidge = objective.interceptPenalty / (objective.c * total)
  const mean = weightedMean(rows.features, rows.weights)
  const change = await preconditioner(runtime, rows, mean, ridge)
  const dataTerm = weightedLoss(runtime, rows, objective.loss)

  const modelAt = (variables: Float64Array): LinearModel => {
    const weights = change.weights(matrix(d, p, variables.subarray(0, d * p)))
    const intercepts = variables.slice(d * p)
    for (let j = 0; j < d; j++) {
      for (let k = 0; k < p; k++) intercepts[k] -= mean[j] * weights.data[j * p + k]
    }
    return { weights, intercepts }
  }
  const minimum = await minimise(
    async (variables) => {
      const model = modelAt(variables)
      const { value, gradient } = await dataTerm(moved(model, prior))
      const byIntercept = gradient.intercepts.map((g, k) => g / total + interceptRidge * model.intercepts[k])
      const byWeights = matrix(d, p)
      for (let j = 0; j < d; j++) {
        for (let k = 0; k < p; k++) {
          const at = j * p + k
          byWeights.data[at] =
            gradient.weights.data[at] / total + ridge * model.weights.data[at] - mean[j] * byIntercept[k]
        }
      }
      const result = new Float64Array(d * p + p)
      result.set(change.gradient(byWeights).data)
      result.set(byIntercept, d * p)
      const penalty = ridge * squaredNorm(model.weights.data) + interceptRidge * squaredNorm(model.intercepts)
      return { value: value / total + penalty / 2, gradient: result }
    },
    new Float64Array(d * p + p),
    objective,
  )
  if (!(minimum.residual <= Math.max(UNUSABLE, objective.tolerance))) {
    const advice = 'scale the features (zscore), lower C, or raise the number of iterations'
    throw new DidNotConvergeError(`the linear classifier (${objective.loss.id})`, minimum.residual, advice)
  }
  return moved(modelAt(minimum.point), prior)
}

/** The sum of two models; the model itself where there is no prior. */
function moved(model: LinearModel, prior: LinearModel | undefined): LinearModel {
  if (prior === undefined) return model
  const { weights, intercepts } = prior
  return {
    weights: matrix(
      weights.rows,
      weights.columns,
      model.weights.data.map((w, i) => w + weights.data[i]),
    ),
    intercepts: model.intercepts.map((b, k) => b + intercepts[k]),
  }
}

function squaredNorm(vector: Float64Array): number {
  let sum = 0
  for (const v of vector) sum += v * v
  return sum
}
