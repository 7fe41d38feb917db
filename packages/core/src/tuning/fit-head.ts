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
  /** What the logits were multiplied by, for probabilities that hold on rows held out. */
  readonly sharpness: number
  /** Accuracy on the rows held out in turn; undefined where there are too few rows for it. */
  readonly accuracy?: number
  /** The same two numbers for a head to train from, under a stronger penalty: see `fitHead`. */
  readonly softer?: { readonly c: number; readonly sharpness: number }
}

/** Weights of the data to choose from, the strongest penalty first: for rows whose squared length is 1 in the mean. */
const CANDIDATES = [0.1, 1, 10, 100, 1e3, 1e4]

/** What is taken unless held-out rows clearly prefer another. */
const USUAL = 10

const FOLDS = 5

/** Factors on the logits to choose from. */
const SHARPNESSES = Array.from({ length: 41 }, (_, i) => 10 ** (-1 + i / 10))

/** Most rows that cross-validation looks at. */
const MOST = 2000

/** A probability is taken for at least this: one of zero, of a class that a fold's rows lack, would cost everything. */
const LEAST = 1e-12

export interface HeadRequest {
  /** `n × d`. */
  readonly features: Matrix
  /** `n` class indices. */
  readonly labels: Int32Array
  readonly classes: number
  /** Instead of choosing by cross-validation. */
  readonly chosen?: { readonly c: number; readonly sharpness?: number } | undefined
}

/**
 * Multinomial logistic regression on features around their mean and divided by their root mean square (one number for all,
 * so that their proportions stay). A strong L2 penalty flattens the probabilities, and so the logits are multiplied by what
 * gives the least cross-entropy on held-out rows (temperature scaling, Guo 2017). Of the penalties, cross-validation takes
 * the one with the least cross-entropy after that where it beats the usual one by more than a standard error of the
 * rows' differences: few rows hardly tell penalties apart. Where the class with fewest rows has only one, nothing can be
 * held out: both are 1 then.
 *
 * `softer` is the strongest penalty up to that one whose accuracy is within a standard error of the best (Breiman 1984,
 * section 3.4.3), for training that goes on from the head through the layers below: rows that a weaker penalty has fitted
 * already leave gradients of noise alone.
 */
export async function fitHead(runtime: Runtime, random: Random, request: HeadRequest): Promise<FittedHead> {
  const { features, labels, classes } = request
  const { mean, scale } = levelOf(features)
  const scaled = scaledRows(features, mean, scale)
  const fit: Fit = (rows, of, c) =>
    logisticRegression.fit(
      { features: rows, labels: of, classes },
      logisticRegression.options.parse({ c, iterations: 500, tolerance: 1e-5 }),
      { runtime, random },
    )
  const chosen: Chosen = request.chosen ?? (await crossValidated(runtime, random, request, scaled, fit)) ?? { c: 1 }
  const { c, sharpness = 1, accuracy, softer } = chosen
  const { weights, intercepts } = (await fit(scaled, labels, c)).parameters
  const [w, b] = [weights!, intercepts!].map(({ data }) => (data as Float64Array).map((value) => value * sharpness))
  const head = { ...unscaled(w!, b!, mean, scale), c, sharpness }
  return { ...head, ...(accuracy === undefined ? {} : { accuracy }), ...(softer && { softer }) }
}

type Fit = (rows: Matrix, labels: Int32Array, c: number) => ReturnType<typeof logisticRegression.fit>

type Chosen = Pick<FittedHead, 'c' | 'accuracy' | 'softer'> & { readonly sharpness?: number }

async function crossValidated(
  runtime: Runtime,
  random: Random,
  { labels, classes }: HeadRequest,
  scaled: Matrix,
  fit: Fit,
): Promise<Chosen | undefined> {
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  const fewest = Math.min(...counts.filter((count) => count > 0))
  if (fewest < 2) return undefined
  const used = random.fork('rows').permutation(labels.length).slice(0, MOST)
  const of = used.map((row) => labels[row]!)
  const rows = takeRows(scaled, used)
  const folds = foldRows(of, Math.min(FOLDS, fewest), random.fork('folds'))
  const tried: Tried[] = []
  for (const weight of CANDIDATES) {
    const c = weight / scaled.columns
    const logarithms = matrix(of.length, classes)
    for (const { part, rest } of folds) {
      const stage = await fit(
        takeRows(rows, rest),
        rest.map((row) => of[row]!),
        c,
      )
      const probabilities = await applyStages(runtime, [stage], takeRows(rows, part))
      part.forEach((row, i) => {
        rowOf(logarithms, row).set(rowOf(probabilities, i).map((value) => Math.log(Math.max(value, LEAST))))
      })
    }
    tried.push({ c, accuracy: accuracyOf(logarithms, of), ...sharpest(logarithms, of) })
  }
  const least = tried.reduce((found, each) => (sum(each.losses) < sum(found.losses) ? each : found))
  const usual = tried[CANDIDATES.indexOf(USUAL)]!
  const best = clearlyBelow(least.losses, usual.losses) ? least : usual
  const most = Math.max(...tried.map(({ accuracy }) => accuracy))
  const enough = most - Math.sqrt((most * (1 - most)) / of.length)
  const { c, sharpness, accuracy } = best
  const softer = tried.find((each) => each.accuracy >= enough && each.c <= c) ?? best
  return { c, sharpness, accuracy, softer: { c: softer.c, sharpness: softer.sharpness } }
}

/** How a penalty fared on rows held out in turn. */
interface Tried {
  readonly c: number
  readonly accuracy: number
  readonly sharpness: number
  /** The cross-entropy of each row, with that sharpness. */
  readonly losses: Float64Array
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

/** Whether the mean of `a` is below that of `b` by more than a standard error of the mean difference. */
function clearlyBelow(a: Float64Array, b: Float64Array): boolean {
  const gaps = a.map((value, i) => b[i]! - value)
  const mean = sum(gaps) / gaps.length
  const square = sum(gaps.map((gap) => (gap - mean) ** 2)) / gaps.length
  return mean > Math.sqrt(square / gaps.length)
}

function accuracyOf(said: Matrix, labels: Int32Array): number {
  let right = 0
  for (const [i, label] of labels.entries()) {
    const row = rowOf(said, i)
    if (row.indexOf(Math.max(...row)) === label) right++
  }
  return right / labels.length
}

/**
 * The factor on the logits with the least cross-entropy. Labels count as right for `(n + 1) / (n + 2)`, the rule of
 * succession, as Platt's targets do (1999): where all `n` rows were found, no factor would be too large otherwise.
 */
function sharpest(said: Matrix, labels: Int32Array): Pick<Tried, 'sharpness' | 'losses'> {
  const doubt = 1 / (labels.length + 2)
  const others = doubt / Math.max(1, said.columns - 1)
  const at = (factor: number): Float64Array =>
    Float64Array.from(labels, (label, i) => {
      const row = rowOf(said, i)
      const largest = Math.max(...row)
      let [total, target] = [0, 0]
      row.forEach((value, c) => {
        total += Math.exp(factor * (value - largest))
        target += (c === label ? 1 - doubt : others) * (value - largest)
      })
      return Math.log(total) - factor * target
    })
  const tried = SHARPNESSES.map((sharpness) => ({ sharpness, losses: at(sharpness) }))
  return tried.reduce((found, each) => (sum(each.losses) < sum(found.losses) ? each : found))
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
