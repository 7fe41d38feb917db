import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, meanOver, rowsOf, scalar, stacked } from './graph-values.ts'
import { type CriticLayer, criticSlopes } from './wasserstein-critic.ts'

/**
 * `mean f(h_s) − mean f(h_t)`, a scalar, from a critic's scores of the source's rows (`N_s × 1`) and the target's (`N_t × 1`):
 * the Wasserstein-1 distance where `f` is the best function of slope 1. The critic maximises it, what gives `h` minimises.
 *
 * Shen, Qu, Zhang, Yu 2018, Wasserstein Distance Guided Representation Learning for Domain Adaptation, equation 4.
 */
export const criticDifference = (graph: GraphBuilder, source: Value, target: Value): Value =>
  graph.node('Sub', [meanOver(graph, source), meanOver(graph, target)])

/**
 * `mean (‖∇_ĥ f(ĥ)‖₂ − 1)²` over rows `ĥ` (`N × d`), a scalar: keeps the slope of a critic of dense layers and rectified
 * units at 1. The paper has a factor of 10 before it (Shen 2018, equation 5, after Gulrajani 2017).
 */
export function gradientPenalty(graph: GraphBuilder, layers: readonly CriticLayer[], rows: Value): Value {
  const { slopes } = criticSlopes(graph, layers, rows)
  const lengths = graph.node('ReduceL2', [slopes, integers(graph, [1])], { keepdims: int(0) })
  const excess = graph.node('Sub', [lengths, scalar(graph, 1)])
  return meanOver(graph, graph.node('Mul', [excess, excess]))
}

/**
 * The rows at which the slope is looked at: all of the source (`N_s × d`), all of the target (`N_t × d`), and a point between
 * each pair of them, `s + ε (t − s)`. `mixing` (`p × 1`, uniform in [0, 1), `p <= min(N_s, N_t)`) holds `ε` of the first `p`
 * pairs: an input that each step draws. No gradient should pass to what gives the rows: stop it before.
 */
export function penaltyRows(graph: GraphBuilder, source: Value, target: Value, mixing: Value): Value {
  const first = (x: Value) =>
    graph.node('Slice', [x, integers(graph, [0]), rowsOf(graph, mixing), integers(graph, [0])])
  const [s, t] = [first(source), first(target)]
  const between = graph.node('Add', [s, graph.node('Mul', [mixing, graph.node('Sub', [t, s])])])
  return stacked(graph, stacked(graph, source, target), between)
}
