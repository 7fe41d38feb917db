import { type Matrix, rowOf } from '../../tensor/index.ts'

const STEPS = 60

/**
 * The scale `a` that minimises the mean cross-entropy of `softmax(a · scores)`, `scores` being `n × classes` (logits, or
 * logarithms of probabilities): temperature scaling with `a = 1 / T` (Guo et al. 2017, section 4.2), between 10⁻² and 10².
 * The loss is convex in `a`; its slope, the mean of `Σ_c p_c s_c − s_y`, is brought to zero by bisection.
 */
export function calibratingScale(scores: Matrix, labels: Int32Array): number {
  let [low, high] = [-2, 2]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (slopeAt(scores, labels, 10 ** middle) > 0) high = middle
    else low = middle
  }
  return 10 ** ((low + high) / 2)
}

function slopeAt(scores: Matrix, labels: Int32Array, scale: number): number {
  let sum = 0
  for (const [i, label] of labels.entries()) {
    const row = rowOf(scores, i)
    const p = softmaxOf(row, scale)
    sum += p.reduce((mean, share, c) => mean + share * row[c]!, 0) - row[label]!
  }
  return sum / labels.length
}

/** `softmax(scale · scores)` of one row. */
export function softmaxOf(scores: Float64Array, scale = 1): Float64Array {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const shares = scores.map((score) => Math.exp(scale * (score - largest)))
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}
