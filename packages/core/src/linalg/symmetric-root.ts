import { DidNotConvergeError } from '../errors.ts'
import { type GraphBuilder, graphBuilder, int, type Model, type Value } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { integerTensor, type Matrix, matrixTensor, tensor, tensorMatrix, vectorTensor } from '../tensor/index.ts'
import { type RootPolynomials, rootPolynomials } from './root-polynomials.ts'
import {
  addIdentity,
  eachPart,
  joinSymmetric,
  multiplySymmetric,
  type SymmetricParts,
  splitSymmetric,
  symmetricPolynomial,
} from './symmetric-blocks.ts'
import { symmetricPower } from './symmetric-power.ts'

/** Below this size all eigenpairs are quicker than the iteration's products. */
const SMALL = 64

/** Relative error of the root: single precision in the last step adds about as much. */
const PRECISE = 5e-10

/**
 * `A^½` or `A^-½` of a symmetric matrix whose eigenvalues are at least `least > 0`, to about 1e-9 of its norm, by
 * products alone: the coupled iteration `Z ← Z q(ZY)`, `Y ← Y q(ZY)` from `Z = I`, `Y = A` for the matrix sign function
 * (Higham, Functions of Matrices, 2008, 6.7), each step with the best polynomial for the interval that is left. Of the
 * last step, `I − ZY` is small, so that its powers may be taken in single precision. Eight products where `A` is well
 * conditioned, all of symmetric matrices that commute.
 */
export async function symmetricRoot(runtime: Runtime, a: Matrix, power: 0.5 | -0.5, least: number): Promise<Matrix> {
  if (a.rows <= SMALL) return symmetricPower(runtime, a, power)
  const inputs = { a: matrixTensor(a), halves: integerTensor([a.rows >> 1, a.rows - (a.rows >> 1)]) }
  const { norm, ...square } = await runtime.run(squaring, inputs)
  // ‖A²‖_F^½ is no less than the largest eigenvalue, and little more.
  const largest = Math.sqrt((norm!.data as Float64Array)[0]!) * (1 + 1e-12)
  const polynomials = rootPolynomials(least, largest, PRECISE)
  if (polynomials === undefined) {
    throw new DidNotConvergeError('matrix square root', least / largest, 'raise the regularisation')
  }
  const { first, further, last } = polynomials
  const { root } = await runtime.run(rootModel(polynomials, power), {
    ...inputs,
    ...square,
    first: vectorTensor(first),
    last: tensor('float32', [last.length], Float32Array.from(last)),
    ...Object.fromEntries(further.map((step, i) => [`step ${i + 1}`, vectorTensor(step)])),
  })
  return tensorMatrix(root!)
}

const whole = ['n', 'n']
const blocks = ['upper', 'side', 'lower'] as const
const blockSize = (block: string) => [`${block} rows`, `${block} columns`]

/** `A²` in blocks and its Frobenius norm. */
const squaring: Model = (() => {
  const graph = graphBuilder('symmetric square')
  const a = splitSymmetric(graph, graph.input('a', 'float64', whole), graph.input('halves', 'int64', [2]))
  const square = multiplySymmetric(graph, a, a)
  for (const [i, block] of blocks.entries()) graph.output(block, square[i]!, 'float64', blockSize(block))
  const [upper, side, lower] = eachPart(square, (part) => graph.node('ReduceSumSquare', [part], { keepdims: int(0) }))
  graph.output('norm', graph.node('Sqrt', [graph.node('Sum', [upper, side!, side!, lower!])]), 'float64', [])
  return graph.model()
})()

const rootModels = new Map<string, Model>()

/** The graph for polynomials of these degrees. */
function rootModel({ first, further, last }: RootPolynomials, power: 0.5 | -0.5): Model {
  const key = [power, first.length, further.length, last.length].join()
  const model =
    rootModels.get(key) ??
    buildRoot(
      first.length,
      further.map((step) => step.length),
      last.length,
      power,
    )
  rootModels.set(key, model)
  return model
}

/**
 * All steps in one graph, so that what lies between them stays in its memory. In a further step, products of what
 * only rounding keeps from commuting have to keep their order, and their asymmetry (Higham 2008, 6.4): no blocks then.
 */
function buildRoot(first: number, further: readonly number[], last: number, power: 0.5 | -0.5): Model {
  const graph = graphBuilder('symmetric root')
  const given = graph.input('a', 'float64', whole)
  const halves = graph.input('halves', 'int64', [2])
  const inBlocks = blocks.map((block) => graph.input(block, 'float64', blockSize(block))) as unknown as SymmetricParts
  const ordered = further.length > 0
  const a: SymmetricParts = ordered ? [given] : splitSymmetric(graph, given, halves)
  const a2: SymmetricParts = ordered ? [joinSymmetric(graph, inBlocks)] : inBlocks
  const [constant, ...others] = scalars(graph, 'first', 'float64', first)
  let z = addIdentity(graph, symmetricPolynomial(graph, a, a2, others), constant!)
  let y = multiplySymmetric(graph, a, z)
  further.forEach((count, i) => {
    const t = multiplySymmetric(graph, z, y)
    const coefficients = scalars(graph, `step ${i + 1}`, 'float64', count)
    const q = symmetricPolynomial(graph, t, multiplySymmetric(graph, t, t), coefficients)
    y = multiplySymmetric(graph, y, q, y)
    z = multiplySymmetric(graph, q, z, z)
  })
  const minusT = eachPart(multiplySymmetric(graph, z, y), (part) => graph.node('Neg', [part]))
  const d = cast(graph, addIdentity(graph, minusT, graph.constant(vectorTensor([1]))), FLOAT32)
  const coefficients = scalars(graph, 'last', 'float32', last)
  const r = cast(graph, symmetricPolynomial(graph, d, multiplySymmetric(graph, d, d), coefficients), FLOAT64)
  const root = power === 0.5 ? multiplySymmetric(graph, y, r, y) : multiplySymmetric(graph, r, z, z)
  graph.output('root', joinSymmetric(graph, root), 'float64', whole)
  return graph.model()
}

/** ONNX's numbers of the types that Cast takes. */
const FLOAT32 = 1
const FLOAT64 = 11

const cast = (graph: GraphBuilder, a: SymmetricParts, type: number): SymmetricParts =>
  eachPart(a, (part) => graph.node('Cast', [part], { to: int(type) }))

/** An input with so many numbers, one by one. */
function scalars(graph: GraphBuilder, name: string, type: 'float32' | 'float64', count: number): Value[] {
  const ones = graph.constant(integerTensor(new Array<number>(count).fill(1)))
  return graph.nodes('Split', count, [graph.input(name, type, [count]), ones], { axis: int(0) })
}
