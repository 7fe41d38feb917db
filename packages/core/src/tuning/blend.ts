import { withParameters } from '../autodiff/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Evaluation } from './evaluate-rows.ts'

/**
 * The network whose weights lie between those of two others, `(1 − part) · from + part · to`: the ensemble in the space of
 * weights of WiSE-FT (Wortsman et al. 2022, eq. 1). All float32 initialisers that both have and that differ are blended;
 * everything else is that of `from`.
 */
export function blended(from: Model, to: Model, part: number): Model {
  const between = [...from.graph.initializers].flatMap(([name, start]) => {
    const end = to.graph.initializers.get(name)
    return end === undefined || end === start || start.type !== 'float32' ? [] : [[name, mixed(start, end, part)]]
  })
  return withParameters(from, Object.fromEntries(between))
}

function mixed(from: Tensor, to: Tensor, part: number): Tensor {
  if (part === 1) return to
  const [a, b] = [from.data as Float32Array, to.data as Float32Array]
  return { type: 'float32', dims: from.dims, data: a.map((value, i) => value + part * (b[i]! - value)) }
}

/** Weights to choose from, and how they fared on the rows held out. */
export interface Candidate {
  readonly part: number
  readonly network: Model
  readonly evaluation: Evaluation
}

/**
 * The first whose accuracy is within half a standard error of the best one: candidates come in the order in which they are
 * trusted, and few rows are to overrule it only where they are clear. One without a finite loss counts for nothing.
 */
export function bestOf(candidates: readonly Candidate[], rows: number): Candidate {
  const whole = candidates.filter(({ evaluation }) => Number.isFinite(evaluation.loss))
  const among = whole.length === 0 ? candidates : whole
  const best = Math.max(...among.map(({ evaluation }) => evaluation.accuracy))
  // The rule of succession: where all rows were right, the share of rows that would be is not 1.
  const share = (best * rows + 1) / (rows + 2)
  const least = best - 0.5 * Math.sqrt((share * (1 - share)) / rows)
  return among.find(({ evaluation }) => evaluation.accuracy >= least)!
}
