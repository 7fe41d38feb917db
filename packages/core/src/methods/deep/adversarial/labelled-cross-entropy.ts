import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { meanOver, numbers, scalar, sumOver } from '../losses/graph-values.ts'
import { crossEntropies } from '../losses/predictions.ts'

/**
 * The mean cross-entropy of logits (`N × C`) with class numbers (`N`, int64), of which the part `labelSmoothing` is spread
 * over all classes; with `weights` (`N`), `Σ wᵢ ℓᵢ / Σ wᵢ`.
 */
export function labelledCrossEntropy(
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  {
    classes,
    labelSmoothing,
    weights,
  }: { readonly classes: number; readonly labelSmoothing: number; readonly weights?: Value },
): Value {
  const even = labelSmoothing / classes
  const losses = crossEntropies(graph, logits, oneHot(graph, labels, classes, [even, 1 - labelSmoothing + even]))
  if (weights === undefined) return meanOver(graph, losses)
  return graph.node('Div', [sumOver(graph, graph.node('Mul', [losses, weights])), sumOver(graph, weights)])
}

/** Class numbers (`N`, int64) as rows `N × C` that hold the second number at the class, else the first. */
export const oneHot = (
  graph: GraphBuilder,
  labels: Value,
  classes: number,
  values: readonly [number, number] = [0, 1],
): Value => graph.node('OneHot', [labels, scalar(graph, classes), numbers(graph, values)])
