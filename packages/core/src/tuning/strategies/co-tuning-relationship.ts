import { logisticRegression } from '../../classifiers/index.ts'
import { splitRows } from '../../data/index.ts'
import { applyStages, type Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix, type Random, rowOf, takeRows } from '../../tensor/index.ts'
import { calibratingScale, softmaxOf } from './co-tuning-temperature.ts'

/** What the old head says of labelled rows. */
export interface OldPredictions {
  /** `n × old classes`: each row's probabilities. */
  readonly probabilities: Matrix
  /** `n` new classes. */
  readonly labels: Int32Array
  readonly classes: number
}

/** How likely each old class is, given the new one. */
export interface Relationship {
  /** `classes × old classes`; rows sum to 1. */
  readonly shares: Matrix
  /** How it was found, which is by means where no row can be held out. */
  readonly by: 'means' | 'Bayes’ rule'
}

/** Weights of the data against the penalty that the authors' code tries. */
const CANDIDATES = [1e4, 3e3, 1e3, 300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4]

/** The norm of the gradient at which a regression ends: predictions no longer change. */
const TOLERANCE = 1e-4

/** Of the labelled rows, those held out to choose among them. */
const HELD_OUT = 0.25

/** The direct approach (You 2020, section 3.2): `p(s | t)` is the mean of the old probabilities over the rows of class `t`. */
export function relationshipByMeans({ probabilities, labels, classes }: OldPredictions): Relationship {
  const { rows, columns } = probabilities
  const shares = matrix(classes, columns)
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  const overall = meanRow(probabilities)
  for (let i = 0; i < rows; i++) {
    const row = rowOf(probabilities, i)
    const into = rowOf(shares, labels[i]!)
    for (let s = 0; s < columns; s++) into[s]! += row[s]! / counts[labels[i]!]!
  }
  counts.forEach((count, t) => {
    if (count === 0) rowOf(shares, t).set(overall)
  })
  return { shares, by: 'means' }
}

/**
 * The reverse approach (You 2020, section 3.2): a logistic regression from old probabilities to new classes, its penalty
 * the one with the best accuracy on rows held out and its probabilities calibrated there, gives `p(t | s)` at the corners
 * of the simplex; then `p(s | t) ∝ p(t | s) p(s)`, `p(s)` being the mean of the old probabilities. By means instead where
 * every class has one row only. `watch` is told before each candidate, and ends the work by throwing.
 */
export async function relationshipByBayes(
  runtime: Runtime,
  random: Random,
  predictions: OldPredictions,
  watch: (done: number, total: number) => void = () => undefined,
): Promise<Relationship> {
  const { probabilities, labels, classes } = predictions
  const split = heldOut(predictions, random)
  if (split === undefined) return relationshipByMeans(predictions)
  const part = (rows: Int32Array) => ({
    features: takeRows(probabilities, rows),
    labels: rows.map((row) => labels[row]!),
    classes,
  })
  const [fitted, checked] = [part(split.rest), part(split.part)]
  let best: { accuracy: number; scores: Matrix; corners: Matrix } | undefined
  for (const [done, c] of CANDIDATES.entries()) {
    watch(done, CANDIDATES.length)
    const options = logisticRegression.options.parse({ c, tolerance: TOLERANCE })
    const stage = await logisticRegression.fit(fitted, options, { runtime, random })
    const scores = logarithms(await applyStages(runtime, [stage], checked.features))
    const accuracy = accuracyOf(scores, checked.labels)
    if (best !== undefined && accuracy <= best.accuracy) continue
    best = {
      accuracy,
      scores,
      corners: logarithms(await applyStages(runtime, [stage], corners(probabilities.columns))),
    }
  }
  const scale = calibratingScale(best!.scores, checked.labels)
  return { shares: byBayes(best!.corners, scale, meanRow(probabilities)), by: 'Bayes’ rule' }
}

/** Rows of every class on both sides, as far as it has two. */
function heldOut({ labels, classes }: OldPredictions, random: Random) {
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  const several = Int32Array.from(labels.keys()).filter((row) => counts[labels[row]!]! > 1)
  if (several.length === 0) return undefined
  const single = Int32Array.from(labels.keys()).filter((row) => counts[labels[row]!] === 1)
  const share = Math.max(HELD_OUT, new Set(several.map((row) => labels[row]!)).size / several.length)
  const split = splitRows(
    several.map((row) => labels[row]!),
    { fraction: share },
    random.fork('held out'),
  )
  const rows = (chosen: Int32Array) => chosen.map((i) => several[i]!)
  return { part: rows(split.part), rest: Int32Array.from([...rows(split.rest), ...single]) }
}

/** `p(s | t) ∝ softmax(scale · scores of s)_t p(s)`. `scores` is `old classes × classes`. */
function byBayes(scores: Matrix, scale: number, marginal: Float64Array): Matrix {
  const { rows: old, columns: classes } = scores
  const shares = matrix(classes, old)
  for (let s = 0; s < old; s++) {
    softmaxOf(rowOf(scores, s), scale).forEach((share, t) => {
      shares.data[t * old + s] = share * marginal[s]!
    })
  }
  for (let t = 0; t < classes; t++) {
    const row = rowOf(shares, t)
    const total = row.reduce((sum, share) => sum + share, 0)
    // A class without rows is never given any probability.
    row.set(total > 0 ? row.map((share) => share / total) : marginal)
  }
  return shares
}

function meanRow({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns)
  data.forEach((value, at) => {
    mean[at % columns]! += value / rows
  })
  return mean
}

function corners(size: number): Matrix {
  const identity = matrix(size, size)
  for (let i = 0; i < size; i++) identity.data[i * size + i] = 1
  return identity
}

/** A class that the classifier never saw has a probability of 0, which stays one. */
const logarithms = ({ rows, columns, data }: Matrix): Matrix =>
  matrix(
    rows,
    columns,
    data.map((value) => Math.log(Math.max(value, 1e-300))),
  )

function accuracyOf(scores: Matrix, labels: Int32Array): number {
  const right = labels.reduce((count, label, i) => {
    const row = rowOf(scores, i)
    return row.indexOf(Math.max(...row)) === label ? count + 1 : count
  }, 0)
  return right / labels.length
}
