import { reverseGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { scalar } from './graph-values.ts'

/**
 * A layer's rows as the adversary of JAN-A sees them: `transform(x)`, with the gradient reversed on both sides of it. In
 * a loss that is minimised, the parameters of `transform` then make the discrepancy larger and what gives `x` makes it
 * smaller. Both domains go through the same transform; its parameters are initialisers of the graph.
 *
 * Long, Zhu, Wang, Jordan 2017, Deep Transfer Learning with Joint Adaptation Networks, equation 12.
 */
export function adversarialFeature(
  graph: GraphBuilder,
  x: Value,
  transform: (graph: GraphBuilder, x: Value) => Value,
): Value {
  const one = scalar(graph, 1)
  return reverseGradient(graph, transform(graph, reverseGradient(graph, x, one)), one)
}
