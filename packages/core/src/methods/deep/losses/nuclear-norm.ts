import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { scalarOf } from '../../../tensor/index.ts'
import { scalar, sumOver } from './graph-values.ts'
import { probabilitiesOf } from './predictions.ts'

/**
 * Each step multiplies what is small by 1.5 and squares the distance of what is near 1: singular values above 10⁻⁶ of the
 * norm reach 1 to rounding.
 */
const STEPS = 42

/**
 * Batch nuclear-norm maximisation (BNM, Cui 2020): `−‖P‖_* / N` of the softmax `P` of logits (`N × C`), from
 * `−√(min(N, C) / N)` where rows are certain and classes equally often to `−1 / √(N C)` where all are uniform.
 */
export function batchNuclearNorm(graph: GraphBuilder, logits: Value, shape: readonly [number, number]): Value {
  const norm = nuclearNorm(graph, probabilitiesOf(graph, logits), shape)
  return graph.node('Mul', [norm, scalar(graph, -1 / shape[0])])
}

/**
 * The nuclear norm of a matrix (`rows × width`, float32), the sum of its singular values, a scalar.
 *
 * ONNX has no singular values. With `A = U Σ Vᵀ`, the norm is `⟨U Vᵀ, A⟩` and `U Vᵀ` its gradient, so the polar factor
 * `U Vᵀ = A (Aᵀ A)^(−½)` is found in float64 by the iteration of Newton and Schulz (Higham 2008, section 8.3),
 * `X ← 1.5 X − 0.5 X Xᵀ X` from `A / ‖A‖_F`, and held fixed. Directions of singular value 0, where the norm has many
 * subgradients, keep what the iteration leaves there, from 0 to 1: a subgradient too. A matrix of zeros gives 0.
 */
export function nuclearNorm(graph: GraphBuilder, matrix: Value, [rows, width]: readonly [number, number]): Value {
  const short = rows <= width ? matrix : graph.node('Transpose', [matrix])
  const held = graph.node('Cast', [stopGradient(graph, short)], { to: int(11) })
  const norm = graph.node('Sqrt', [sumOver(graph, graph.node('Mul', [held, held]))])
  let x = graph.node('Div', [held, graph.node('Max', [norm, double(graph, 1e-290)])])
  const [more, less] = [double(graph, 1.5), double(graph, 0.5)]
  for (let i = 0; i < STEPS; i++) {
    const gram = graph.node('MatMul', [x, graph.node('Transpose', [x])])
    const cubed = graph.node('MatMul', [gram, x])
    x = graph.node('Sub', [graph.node('Mul', [more, x]), graph.node('Mul', [less, cubed])])
  }
  return sumOver(graph, graph.node('Mul', [graph.node('Cast', [x], { to: int(1) }), short]))
}

const double = (graph: GraphBuilder, value: number): Value => graph.constant(scalarOf(value, 'float64'))
