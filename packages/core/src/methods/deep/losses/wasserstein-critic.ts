import { InvalidInputError } from '../../../errors.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, rowsOf, scalar } from './graph-values.ts'

/** One dense layer: `x Wᵀ + b`, `weight` `out × in`, `bias` `out`, both values of the graph. */
export interface CriticLayer {
  readonly weight: Value
  readonly bias: Value
}

/** What a critic gives for rows, and how it changes with them. */
export interface CriticSlope {
  /** `N × 1`. */
  readonly scores: Value
  /** The gradient of each score by its row, `N × d`, itself a part of the graph that a gradient passes. */
  readonly slopes: Value
}

/** The critic's score of each row, `N × 1`: dense layers with rectified units in between, the last one of width 1. */
export const criticScores = (graph: GraphBuilder, layers: readonly CriticLayer[], x: Value): Value =>
  forward(graph, layers, x).scores

/**
 * The critic's score of each row of `x` (`N × d`), and its gradient by the row, written out as operators: with `Dₗ` the 0 and
 * 1 of the active units, `W_L D_{L−1} W_{L−1} … D₁ W₁`. Differentiated in turn it is the second derivative: the masks are
 * constant wherever they have a derivative. Throws `InvalidInputError` where there is no layer.
 */
export function criticSlopes(graph: GraphBuilder, layers: readonly CriticLayer[], x: Value): CriticSlope {
  const { scores, masks } = forward(graph, layers, x)
  const last = layers.at(-1)!.weight
  // A mask repeats the last weights, `1 × width`, for each row; a linear critic has none.
  let slopes = masks.length > 0 ? last : graph.node('Mul', [last, ones(graph, x)])
  for (let i = masks.length - 1; i >= 0; i--) {
    slopes = graph.node('MatMul', [graph.node('Mul', [slopes, masks[i]!]), layers[i]!.weight])
  }
  return { scores, slopes }
}

/** Ones, `N × 1`. */
function ones(graph: GraphBuilder, x: Value): Value {
  const dims = graph.node('Concat', [rowsOf(graph, x), integers(graph, [1])], { axis: int(0) })
  return graph.node('Expand', [scalar(graph, 1), dims])
}

function forward(graph: GraphBuilder, layers: readonly CriticLayer[], x: Value): { scores: Value; masks: Value[] } {
  if (layers.length === 0) throw new InvalidInputError('a critic needs a layer of width 1, got no layers')
  const masks: Value[] = []
  let value = x
  layers.forEach(({ weight, bias }, i) => {
    value = graph.node('Gemm', [value, weight, bias], { transB: int(1) })
    if (i === layers.length - 1) return
    const active = graph.node('Greater', [value, scalar(graph, 0)])
    masks.push(graph.node('Cast', [active], { to: int(1) }))
    value = graph.node('Relu', [value])
  })
  return { scores: value, masks }
}
