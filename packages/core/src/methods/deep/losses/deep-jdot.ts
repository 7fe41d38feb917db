import { float, type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { scaled, squaredLengths, sumOver } from './graph-values.ts'

export interface DeepJdotRows {
  /** `g(x_s)`, `N_s × d`. */
  readonly sourceFeatures: Value
  /** `g(x_t)`, `N_t × d`. */
  readonly targetFeatures: Value
  /** The source's labels as probabilities or one-hot rows, `N_s × C`. */
  readonly sourceTargets: Value
  /** The classifier's scores of the target's rows before softmax, `N_t × C`. */
  readonly targetLogits: Value
}

export interface DeepJdotOptions {
  /** `α`, the factor of the features' distance. Default 0.001, the paper's. */
  readonly alpha?: number
  /** `λ_t`, the factor of the classification term. Default 0.0001, the paper's. */
  readonly lambda?: number
}

/**
 * What it costs to send one source row to one target row, `N_s × N_t`: `α ‖g(x_sⁱ) − g(x_tʲ)‖² + λ_t L(y_sⁱ, f(g(x_tʲ)))`,
 * `L` being the cross-entropy. The plan of each step is the optimal one at this cost (`deepJdotPlan`).
 *
 * Damodaran, Kellenberger, Flamary, Tuia, Courty 2018, DeepJDOT: Deep Joint Distribution Optimal Transport for
 * Unsupervised Domain Adaptation, equation 5.
 */
export function deepJdotCost(
  graph: GraphBuilder,
  { sourceFeatures, targetFeatures, sourceTargets, targetLogits }: DeepJdotRows,
  { alpha = 0.001, lambda = 0.0001 }: DeepJdotOptions = {},
): Value {
  const own = squaredLengths(graph, sourceFeatures, true)
  const other = graph.node('Transpose', [squaredLengths(graph, targetFeatures, true)])
  const half = graph.node('Gemm', [sourceFeatures, targetFeatures, own], { alpha: float(-2), transB: int(1) })
  const distances = graph.node('Relu', [graph.node('Add', [half, other])])
  const logShares = graph.node('LogSoftmax', [targetLogits], { axis: int(1) })
  const entropies = graph.node('Gemm', [sourceTargets, logShares], { alpha: float(-1), transB: int(1) })
  return graph.node('Add', [scaled(graph, distances, alpha), scaled(graph, entropies, lambda)])
}

/** `Σᵢⱼ γᵢⱼ cᵢⱼ`, a scalar: the cost at a plan `γ` (`N_s × N_t`) that was found outside, as an input of the step. */
export const deepJdotLoss = (graph: GraphBuilder, cost: Value, plan: Value): Value =>
  sumOver(graph, graph.node('Mul', [cost, plan]))
