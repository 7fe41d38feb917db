import { float, type GraphBuilder, int, type Model, type Value } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'

/**
 * A symmetric matrix in a graph: whole, or, of `[[A, B], [Bᵀ, C]]`, the three blocks that say it all. Products of
 * matrices that commute are symmetric again: in blocks, they take six products of half the size instead of eight.
 */
export type SymmetricParts = readonly [whole: Value] | readonly [upper: Value, side: Value, lower: Value]

/** Smaller matrices are not worth cutting. */
const SMALL = 64

/** The sizes of the two halves of `n`. */
export const halfSizes = (n: number): Tensor => integerTensor([n >> 1, n - (n >> 1)])

/** The sizes of the blocks of an `n × n` matrix, for the input `halves` of a graph that works in blocks. */
export const halvesOf = (n: number): { readonly halves?: Tensor } => (n < SMALL ? {} : { halves: halfSizes(n) })

/** A graph that works on whole symmetric matrices, and its twin that takes `halves` and works in blocks. */
export interface WholeOrBlocks {
  readonly whole: Model
  readonly blocks: Model
}

/** Builds both graphs. */
export const wholeOrBlocks = (build: (inBlocks: boolean) => Model): WholeOrBlocks => ({
  whole: build(false),
  blocks: build(true),
})

/** Runs the graph that suits `n × n` matrices. */
export function runBySize(
  runtime: Runtime,
  { whole, blocks }: WholeOrBlocks,
  n: number,
  inputs: Tensors,
): Promise<Tensors> {
  const { halves } = halvesOf(n)
  return halves === undefined ? runtime.run(whole, inputs) : runtime.run(blocks, { ...inputs, halves })
}

/** `XᵀX` of rows `X` (`n × d`): in blocks where `halves` (of `d`) is given. Gemm is quickest at products of rows. */
export function gramParts(graph: GraphBuilder, x: Value, halves?: Value): SymmetricParts {
  if (halves === undefined) return [graph.node('Gemm', [x, x], { transA: int(1) })]
  const [a, b] = graph.nodes('Split', 2, [graph.node('Transpose', [x]), halves], { axis: int(0) })
  const product = (left: Value, right: Value) => graph.node('Gemm', [left, right], { transB: int(1) })
  return [product(a!, a!), product(a!, b!), product(b!, b!)]
}

/** Cuts a whole matrix (`n × n`) in blocks; `halves` is a value with their two sizes (int64, sum `n`). */
export function splitSymmetric(graph: GraphBuilder, a: Value, halves: Value): SymmetricParts {
  const [top, bottom] = graph.nodes('Split', 2, [a, halves], { axis: int(0) })
  const [upper, side] = graph.nodes('Split', 2, [top!, halves], { axis: int(1) })
  const [, lower] = graph.nodes('Split', 2, [bottom!, halves], { axis: int(1) })
  return [upper!, side!, lower!]
}

/** The whole matrix. */
export function joinSymmetric(graph: GraphBuilder, parts: SymmetricParts): Value {
  if (parts.length === 1) return parts[0]
  const [upper, side, lower] = parts
  const top = graph.node('Concat', [upper, side], { axis: int(1) })
  const bottom = graph.node('Concat', [graph.node('Transpose', [side]), lower], { axis: int(1) })
  return graph.node('Concat', [top, bottom], { axis: int(0) })
}

/** `AB`, or `AB + C`, of matrices in parts of one kind; in blocks, `A` and `B` must commute. */
export function multiplySymmetric(
  graph: GraphBuilder,
  a: SymmetricParts,
  b: SymmetricParts,
  c?: SymmetricParts,
): SymmetricParts {
  const sum = (at: number, ...terms: readonly { of: readonly [Value, Value]; transA?: 1; transB?: 1 }[]): Value => {
    let total = c?.[at]
    for (const { of, transA = 0, transB = 0 } of terms) {
      const operands = total === undefined ? of : [...of, total]
      total = graph.node('Gemm', operands, { transA: int(transA), transB: int(transB), beta: float(1) })
    }
    return total!
  }
  if (a.length === 1 || b.length === 1) return [sum(0, { of: [a[0], b[0]] })]
  return [
    sum(0, { of: [a[0], b[0]] }, { of: [a[1], b[1]], transB: 1 }),
    sum(1, { of: [a[0], b[1]] }, { of: [a[1], b[2]] }),
    sum(2, { of: [a[1], b[1]], transA: 1 }, { of: [a[2], b[2]] }),
  ]
}

/** The same for every part. */
export const eachPart = (parts: SymmetricParts, map: (part: Value, index: number) => Value): SymmetricParts =>
  parts.map(map) as unknown as SymmetricParts

/** `A + factor I`. */
export const addIdentity = (graph: GraphBuilder, a: SymmetricParts, factor: Value): SymmetricParts =>
  eachPart(a, (part, i) =>
    i === 1 ? part : graph.node('Add', [part, graph.node('Mul', [graph.node('EyeLike', [part]), factor])]),
  )

/**
 * `c₁A + c₂A² + …` of even degree, `A²` being given: one product for two more powers. `coefficients` are scalars, lowest
 * power first.
 */
export function symmetricPolynomial(
  graph: GraphBuilder,
  a: SymmetricParts,
  a2: SymmetricParts,
  coefficients: readonly Value[],
): SymmetricParts {
  const pair = (k: number) =>
    eachPart(a, (part, i) => {
      const square = graph.node('Mul', [a2[i]!, coefficients[k + 1]!])
      return graph.node('Add', [graph.node('Mul', [part, coefficients[k]!]), square])
    })
  let sum = pair(coefficients.length - 2)
  for (let k = coefficients.length - 4; k >= 0; k -= 2) sum = multiplySymmetric(graph, a2, sum, pair(k))
  return sum
}
