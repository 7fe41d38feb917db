import { stopGradient } from '../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../onnx/index.ts'
import { type ElementType, integerTensor, scalarOf, type Tensor } from '../tensor/index.ts'

/** A power of `2⁴⁸` tells eigenvalues apart that differ by `10⁻¹³` of their sum. */
const SQUARINGS = 48
/** Squarings between two normalisations: numbers grow to `size¹⁶` at most. */
const STRIDE = 4

/**
 * The sum of the `count` smallest squared singular values of `features` (`rows × width`, float32), a scalar; of all of
 * them where there are fewer.
 *
 * ONNX has no singular values. The unit vectors `v` that belong to the smallest are found in float64: with
 * `G = F Fᵀ` (or `Fᵀ F`, whichever is smaller), `(I − G / (2 tr G))^(2⁴⁸)` is, up to a factor, the projector on the
 * eigenvectors of the smallest eigenvalue of `G`, and its largest column is one of them; taking it out of the matrix
 * gives the next. The loss is `Σ ‖vᵀ F‖²` with `v` held fixed, whose gradient `2 v vᵀ F` is that of the squared singular
 * values. Equal ones give any vector of their space, which is a subgradient; features that are all zero give 0.
 */
export const smallestSquares = (graph: GraphBuilder, features: Value, dims: Dims, count: number): Value =>
  extremeSquares(graph, features, dims, count, 'Sub')

/** The sum of the `count` largest squared singular values: as the smallest, with the powers of `I + G / (2 tr G)`. */
export const largestSquares = (graph: GraphBuilder, features: Value, dims: Dims, count: number): Value =>
  extremeSquares(graph, features, dims, count, 'Add')

type Dims = readonly [number, number]

function extremeSquares(
  graph: GraphBuilder,
  features: Value,
  [rows, width]: Dims,
  count: number,
  shift: 'Add' | 'Sub',
): Value {
  const size = Math.min(rows, width)
  const short = rows <= width ? features : graph.node('Transpose', [features])
  const fixed = graph.node('Cast', [stopGradient(graph, short)], { to: int(11) })
  let matrix = shifted(graph, graph.node('MatMul', [fixed, graph.node('Transpose', [fixed])]), size, shift)
  const vectors = Array.from({ length: Math.min(count, size) }, (_, i) => {
    const vector = leading(graph, matrix)
    if (i + 1 < Math.min(count, size)) matrix = without(graph, matrix, vector)
    return graph.node('Cast', [vector], { to: int(1) })
  })
  const all = vectors.length === 1 ? vectors[0]! : graph.node('Concat', vectors, { axis: int(1) })
  const projected = graph.node('MatMul', [graph.node('Transpose', [all]), short])
  return sum(graph, graph.node('Mul', [projected, projected]))
}

/** `I ± G / (2 tr G)`: eigenvalues from ½ to 1, in reverse order, or from 1 to 1½. */
function shifted(graph: GraphBuilder, gram: Value, size: number, shift: 'Add' | 'Sub'): Value {
  const unit: Tensor = {
    type: 'float64',
    dims: [size, size],
    data: Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0)),
  }
  const identity = graph.constant(unit)
  const trace = sum(graph, graph.node('Mul', [gram, identity]))
  // Without any features, G / tr G is 0 / 0.
  const divisor = graph.node('Max', [graph.node('Add', [trace, trace]), scalar(graph, 1e-290, 'float64')])
  return graph.node(shift, [identity, graph.node('Div', [gram, divisor])])
}

/** A unit eigenvector (`size × 1`) of the largest eigenvalue of a positive semidefinite matrix. */
function leading(graph: GraphBuilder, matrix: Value): Value {
  let power = matrix
  for (let i = 1; i <= SQUARINGS; i++) {
    power = graph.node('MatMul', [power, power])
    if (i % STRIDE === 0) power = graph.node('Div', [power, largest(graph, power)])
  }
  const norms = graph.node('ReduceSum', [graph.node('Mul', [power, power]), integers(graph, [0])], { keepdims: int(0) })
  const place = graph.node('ArgMax', [norms], { axis: int(0), keepdims: int(1) })
  const column = graph.node('Gather', [power, place], { axis: int(1) })
  return graph.node('Div', [column, graph.node('Sqrt', [sum(graph, graph.node('Mul', [column, column]))])])
}

/** `M − (vᵀ M v) v vᵀ`: the eigenvalue of `v` becomes 0. */
function without(graph: GraphBuilder, matrix: Value, vector: Value): Value {
  const row = graph.node('Transpose', [vector])
  const value = graph.node('MatMul', [graph.node('MatMul', [row, matrix]), vector])
  return graph.node('Sub', [matrix, graph.node('Mul', [graph.node('MatMul', [vector, row]), value])])
}

const sum = (graph: GraphBuilder, x: Value): Value => graph.node('ReduceSum', [x], { keepdims: int(0) })
const largest = (graph: GraphBuilder, x: Value): Value => graph.node('ReduceMax', [x], { keepdims: int(0) })
const scalar = (graph: GraphBuilder, value: number, type: ElementType): Value => graph.constant(scalarOf(value, type))
const integers = (graph: GraphBuilder, values: readonly number[]): Value => graph.constant(integerTensor(values))
