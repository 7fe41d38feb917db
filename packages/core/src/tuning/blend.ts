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

/** Mistakes of a class at which what was learned from rows and what was known before weigh the same. */
const EVEN = 4

/** The share of rows taken to be wrong where cross-validation could not tell. */
const UNKNOWN = 0.1

/**
 * How far to go towards trained weights: `m / (m + 4)`, to two decimals, for `m` rows of a class that the head on fixed
 * features gets wrong, by its accuracy in cross-validation. What training finds is signal of some spread and noise whose
 * variance falls with the number of rows that teach something, and shrinking it by that ratio has the least expected error;
 * rows that the features tell apart already teach nothing. The constant was measured on photographs.
 */
export function usualPart(rows: number, classes: number, accuracy: number | null): number {
  const wrong = (rows / classes) * (accuracy === null ? UNKNOWN : 1 - accuracy)
  return Math.round((100 * wrong) / (wrong + EVEN)) / 100
}

/** Weights to choose from, and how they fared on the rows held out. */
export interface Candidate {
  readonly part: number
  readonly network: Model
  readonly evaluation: Evaluation
}

/** The standard normal distribution's 95th percentile. */
const CLEARLY = 1.645

/**
 * The first, unless others did clearly better on the same rows, of which the most accurate is taken then: candidates come in
 * the order in which they are trusted. One is clearly better where, of the rows that only one of the two has right, it has so
 * many more that McNemar's statistic (1947) is beyond its normal approximation's one-sided 5 %: three of three rows are
 * enough, two of two are not. One without a finite loss counts for nothing.
 */
export function bestOf(candidates: readonly Candidate[]): Candidate {
  const whole = candidates.filter(({ evaluation }) => Number.isFinite(evaluation.loss))
  const [first, ...others] = whole.length === 0 ? candidates : whole
  return others
    .filter((each) => clearlyBetter(each.evaluation, first!.evaluation))
    .reduce((best, each) => (each.evaluation.accuracy > best.evaluation.accuracy ? each : best), first!)
}

function clearlyBetter({ right }: Evaluation, than: Evaluation): boolean {
  let [more, differ] = [0, 0]
  for (const [row, each] of right.entries()) {
    const gap = each - than.right[row]!
    more += gap
    differ += Math.abs(gap)
  }
  return more > CLEARLY * Math.sqrt(differ)
}
