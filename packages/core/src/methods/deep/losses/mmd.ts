import { InvalidInputError } from '../../../errors.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { integers, numbers, stacked, sumOver } from './graph-values.ts'
import { type GaussianKernelOptions, kernelCount, kernelLists, kernelMatrices } from './mmd-kernels.ts'
import { pairWeights, quadrupleSigns, quadruples } from './mmd-pairs.ts'

/** How a discrepancy is estimated from a batch. */
export type MmdEstimator = 'unbiased' | 'biased' | 'linear'

export interface MmdLossOptions extends GaussianKernelOptions {
  /**
   * `linear`: the mean over quadruples of rows that Gretton 2012 gives and DAN trains by, in linear time. Default
   * `unbiased`: over all pairs of different rows, of less variance on the same batch.
   */
  readonly estimator?: MmdEstimator
  /** `β`: a factor for each kernel, not negative, or a value of the graph that holds them, `m`. Default `1/m` each. */
  readonly weights?: readonly number[] | Value
}

/**
 * The squared maximum mean discrepancy `Σ_u β_u MMD²_u` of rows `source` (`N_s × d`) and `target` (`N_t × d`), a scalar,
 * `MMD²_u = mean k_u(s, s') + mean k_u(t, t') − 2 mean k_u(s, t)`, with Gaussian kernels (`GaussianKernelOptions`). With `biased`
 * it is never below zero but for rounding; the other two may be. Throws `InvalidInputError` for settings that do not fit.
 *
 * Gretton, Borgwardt, Rasch, Schölkopf, Smola 2012, A Kernel Two-Sample Test; Long, Cao, Wang, Jordan 2015, Learning
 * Transferable Features with Deep Adaptation Networks.
 */
export function mmdLoss(graph: GraphBuilder, source: Value, target: Value, options: MmdLossOptions = {}): Value {
  const factors = kernelFactors(graph, options)
  const statistics = graph.node('Reshape', [kernelDiscrepancies(graph, source, target, options), integers(graph, [-1])])
  return sumOver(graph, graph.node('Mul', [statistics, factors]))
}

/** `MMD²_u` of each kernel, `m`. */
export function kernelDiscrepancies(
  graph: GraphBuilder,
  source: Value,
  target: Value,
  options: MmdLossOptions = {},
): Value {
  const { estimator = 'unbiased' } = options
  const count = kernelCount(options)
  const list = integers(graph, [count])
  if (estimator === 'linear') {
    const { terms, pairs } = quadrupleTerms(graph, source, target, options)
    return graph.node('Reshape', [graph.node('Div', [sumOver(graph, terms, [1]), pairs]), list])
  }
  const kernels = kernelMatrices(graph, stacked(graph, source, target), options)
  const rows = graph.node('Reshape', [kernels, integers(graph, [count, -1])])
  const weights = pairWeights(graph, source, target, estimator === 'unbiased')
  const column = graph.node('Reshape', [weights, integers(graph, [-1, 1])])
  return graph.node('Reshape', [graph.node('MatMul', [rows, column]), list])
}

/**
 * The terms of the linear-time estimates, `p × m`, `p = ⌊min(N_s, N_t) / 2⌋`: for quadruple `i` and kernel `u`
 * `k_u(s, s') + k_u(t, t') − k_u(s, t') − k_u(s', t)` (Gretton 2012, lemma 14). What `kernelWeights` takes.
 */
export const kernelStatistics = (
  graph: GraphBuilder,
  source: Value,
  target: Value,
  options: GaussianKernelOptions = {},
): Value => graph.node('Transpose', [quadrupleTerms(graph, source, target, options).terms])

function quadrupleTerms(graph: GraphBuilder, source: Value, target: Value, options: GaussianKernelOptions) {
  const { differences, count } = quadruples(graph, source, target)
  const kernels = kernelLists(graph, differences, stacked(graph, source, target), options)
  const signed = graph.node('Mul', [kernels, quadrupleSigns(graph)])
  return { terms: sumOver(graph, signed, [1]), pairs: count }
}

/** `β` as a value of the graph. */
function kernelFactors(graph: GraphBuilder, { weights, ...kernels }: MmdLossOptions): Value {
  if (typeof weights === 'string') return weights
  const count = kernelCount(kernels)
  const values = weights ?? new Array<number>(count).fill(1 / count)
  if (values.length === count && values.every((value) => value >= 0 && Number.isFinite(value))) {
    return numbers(graph, values)
  }
  throw new InvalidInputError(
    `${count} kernels need ${count} weights that are not negative, got ${values.join(', ') || 'none'}`,
  )
}
