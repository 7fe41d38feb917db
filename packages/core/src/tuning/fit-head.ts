import { logisticRegression } from '../classifiers/index.ts'
import { foldRows } from '../data/index.ts'
import { applyStages, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, type Random, rowOf, type Tensor, takeRows } from '../tensor/index.ts'

/** A linear head `softmax(xW + b)` fitted to features that stay as they are. */
export interface FittedHead {
  /** `d × classes`, float32. */
  readonly weights: Tensor
  /** `classes`, float32. */
  readonly bias: Tensor
  /** The weight of the data against the penalty, for features scaled to a mean square of 1. */
  readonly c: number
  /** `λ` where the head minimises the mean cross-entropy plus `½λ‖W‖²`. */
  readonly penalty: number
  /** Accuracy on the rows held out in turn; undefined where there are too few rows for it. */
  readonly accuracy?: number
}

/** Weights of the data to choose from: steps of a factor of 10 around what scikit-learn takes. */
const CANDIDATES = [1e-3, 1e-2, 1e-1, 1, 10, 100]
const FOLDS = 5

/** Most rows that cross-validation looks at. */
const MOST = 2000

/** What a class that no fold's rows have is worth: the cost of a probability of 1e-6. */
const LEAST = 1e-6

export interface HeadRequest {
  /** `n × d`. */
  readonly features: Matrix
  /** `n` class indices. */
  readonly labels: Int32Array
  readonly classes: number
  /** Instead of choosing it by cross-validation. */
  readonly c?: number
}

/**
 * Multinomial logistic regression on features around their mean and divided by their root mean square (one number for all,
 * so that their proportions stay), the L2 penalty being the one with the least cross-entropy on held-out rows. Where the
 * class with fewest rows has only one, nothing can be held out: `c` is 1 then.
 */
export async function fitHead(runtime: Runtime, random: Random, request: HeadRequest): Promise<FittedHead> {
  const { features, labels, classes } = request
  const { mean, scale } = levelOf(features)
  const scaled = scaledRows(features, mean, scale)
  const fit = (rows: Matrix, of: Int32Array, c: number) =>
    logisticRegression.fit(
      { features: rows, labels: of, classes },
      logisticRegression.options.parse({ c, iterations: 500, tolerance: 1e-5 }),
      { runtime, random },
    )
  const chosen = request.c === undefined ? await crossValidated(runtime, random, request, scaled, fit) : undefined
  const c = request.c ?? chosen?.c ?? 1
  const { weights, intercepts } = (await fit(scaled, labels, c)).parameters
  return {
    ...unscaled(weights!.data as Float64Array, intercepts!.data as Float64Array, mean, scale),
    c,
    penalty: ((classes === 2 ? 2 : 1) * scale ** 2) / (c * labels.length),
    ...(chosen === undefined ? {} : { accuracy: chosen.accuracy }),
  }
}

type Fit = (rows: Matrix, labels: Int32Array, c: number) => ReturnType<typeof logisticRegression.fit>

async function crossValidated(
  runtime: Runtime,
  random: Random,
  { labels, classes }: HeadRequest,
  scaled: Matrix,
  fit: Fit,
): Promise<{ c: number; accuracy: number } | undefined> {
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  const fewest = Math.min(...counts.filter((count) => count > 0))
  if (fewest < 2) return undefined
  const used = random.fork('rows').permutation(labels.length).slice(0, MOST)
  const of = used.map((row) => labels[row]!)
  const rows = takeRows(scaled, used)
  const folds = foldRows(of, Math.min(FOLDS, fewest), random.fork('folds'))
  let best: { c: number; accuracy: number; loss: number } | undefined
  for (const c of CANDIDATES) {
    let [loss, right] = [0, 0]
    for (const { part, rest } of folds) {
      const stage = await fit(
        takeRows(rows, rest),
        rest.map((row) => of[row]!),
        c,
      )
      const probabilities = await applyStages(runtime, [stage], takeRows(rows, part))
      part.forEach((row, i) => {
        const said = rowOf(probabilities, i)
        loss -= Math.log(Math.max(said[of[row]!]!, LEAST))
        if (said.indexOf(Math.max(...said)) === of[row]) right++
      })
    }
    if (best === undefined || loss < best.loss) best = { c, loss, accuracy: right / of.length }
  }
  return best
}

/** The mean row, and the root mean square of all numbers around it. */
function levelOf({ rows, columns, data }: Matrix): { mean: Float64Array; scale: number } {
  const mean = new Float64Array(columns)
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += data[at++]! / rows
  let square = 0
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++) square += (data[at++]! - mean[j]!) ** 2
  return { mean, scale: Math.sqrt(square / (rows * columns)) || 1 }
}

function scaledRows({ rows, columns, data }: Matrix, mean: Float64Array, scale: number): Matrix {
  const result = matrix(rows, columns)
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) result.data[at] = (data[at]! - mean[j]!) / scale
  }
  return result
}

/** The same head for features as they came. */
function unscaled(w: Float64Array, b: Float64Array, mean: Float64Array, scale: number) {
  const classes = b.length
  const bias = Float64Array.from(b)
  const weights = Float32Array.from(w, (value) => value / scale)
  for (let j = 0, at = 0; j < mean.length; j++) {
    for (let c = 0; c < classes; c++, at++) bias[c]! -= (mean[j]! * w[at]!) / scale
  }
  return {
    weights: { type: 'float32', dims: [mean.length, classes], data: weights } as Tensor,
    bias: { type: 'float32', dims: [classes], data: Float32Array.from(bias) } as Tensor,
  }
}
