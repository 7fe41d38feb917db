import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import type { Random } from '../../../tensor/index.ts'
import { integers, scaled } from './graph-values.ts'

/** Joins features (`N × d`) and predictions (`N × C`) to rows of one length. */
export interface Conditioning {
  readonly width: number
  readonly join: (features: Value, predictions: Value) => Value
}

export interface ConditioningOptions {
  /** `d`. */
  readonly width: number
  /** `C`. */
  readonly classes: number
  /** The longest multilinear row; above it, it is approximated. Default 4096. */
  readonly limit?: number
  /** The length of an approximated row; default 1024. */
  readonly dims?: number
  /** Draws the fixed matrices of the approximation. */
  readonly random: Random
}

/** The conditioning of CDAN (Long 2018): the multilinear map up to `limit` numbers a row, else its approximation. */
export const conditioning = (graph: GraphBuilder, options: ConditioningOptions): Conditioning => {
  const { width, classes, limit = 4096 } = options
  if (width * classes > limit) return randomisedMap(graph, options)
  return { width: width * classes, join: (f, g) => multilinearMap(graph, f, g) }
}

/** `f ⊗ g` of each row, `N × (d · C)`: number `(j, c)` of a row is `f_j g_c`. */
export function multilinearMap(graph: GraphBuilder, features: Value, predictions: Value): Value {
  const columns = graph.node('Unsqueeze', [features, integers(graph, [2])])
  const rows = graph.node('Unsqueeze', [predictions, integers(graph, [1])])
  return graph.node('Flatten', [graph.node('Mul', [columns, rows])], { axis: int(1) })
}

/**
 * The randomised multilinear map, `(f R_f) ⊙ (g R_g) / √D` (Long 2018), `N × D`: the matrices are standard normal
 * numbers that stay as drawn, and inner products of rows are on average those of the multilinear map.
 */
export function randomisedMap(
  graph: GraphBuilder,
  { width, classes, dims = 1024, random }: ConditioningOptions,
): Conditioning {
  const matrix = (rows: number, stream: Random) => {
    const data = Float32Array.from({ length: rows * dims }, () => stream.normal())
    return stopGradient(graph, graph.constant({ type: 'float32', dims: [rows, dims], data }))
  }
  const [ofFeatures, ofPredictions] = [matrix(width, random.fork('features')), matrix(classes, random.fork('classes'))]
  return {
    width: dims,
    join(features, predictions) {
      const f = graph.node('MatMul', [features, ofFeatures])
      const g = graph.node('MatMul', [predictions, ofPredictions])
      return scaled(graph, graph.node('Mul', [f, g]), 1 / Math.sqrt(dims))
    },
  }
}
