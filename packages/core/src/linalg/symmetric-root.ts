import { DidNotConvergeError } from '../errors.ts'
import { type GraphBuilder, graphBuilder, int, type Model, type Value } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import {
  integerTensor,
  type Matrix,
  matrixTensor,
  type Tensor,
  tensor,
  tensorMatrix,
  vectorTensor,
} from '../tensor/index.ts'
import { type RootPolynomials, rootPolynomials } from './root-polynomials.ts'
import {
  addIdentity,
  eachPart,
  halfSizes,
  joinSymmetric,
  multiplySymmetric,
  type SymmetricParts,
  splitSymmetric,
  symmetricPolynomial,
} from './symmetric-blocks.ts'
import { symmetricPower } from './symmetric-power.ts'

/** ONNX's number of the type. */
const FLOAT32 = 1

/** Below this size all eigenpairs are quicker than the iteration's products. */
const SMALL = 64

/** Relative error of the polynomials. In single precision, rounding adds about as much. */
const PRECISE = { float32: 4e-6, float64: 1e-13 } as const
type Precision = keyof typeof PRECISE
type Power = 0.5 | -0.5

/** `A^½` or `A^-½` of a symmetric matrix whose eigenvalues are at least `least > 0`, to rounding. See `symmetricRoots`. */
export async function symmetricRoot(runtime: Runtime, a: Matrix, power: Power, least: number): Promise<Matrix> {
  if (a.rows <= SMALL) return symmetricPower(runtime, a, power)
  const [root] = await symmetricRoots(runtime, a, [power], least, 'float64')
  return tensorMatrix(root!)
}

/**
 * Powers `½` or `−½` of a symmetric matrix whose eigenvalues are at least `least > 0`, by products alone: the coupled
 * iteration `Z ← q(ZY) Z`, `Y ← Y q(ZY)` from `Z = I`, `Y = A` for the matrix sign function (Higham, Functions of
 * Matrices, 2008, 6.7), each step with the best polynomial for the interval that is left. Eight products where `A` is
 * well conditioned, all of symmetric matrices that commute. `float32`: to about 1e-5. Throws `DidNotConvergeError`.
 */
export async function symmetricRoots(
  runtime: Runtime,
  a: Matrix,
  powers: readonly Power[],
  least: number,
  precision: Precision,
): Promise<Tensor[]> {
  const inputs = { a: matrixTensor(a), halves: halfSizes(a.rows) }
  const { norm, ...square } = await runtime.run(squaring[precision], inputs)
  // ‖A²‖_F^½ is no less than the largest eigenvalue, and little more.
  const largest = Math.sqrt(Number(norm!.data[0])) * (precision === 'float32' ? 1 + 1e-5 : 1 + 1e-12)
  const polynomials = rootPolynomials(least, largest, PRECISE[precision])
  if (polynomials === undefined) {
    throw new DidNotConvergeError('matrix square root', least / largest, 'raise the regularisation')
  }
  const numbers = (values: readonly number[]) =>
    precision === 'float32' ? tensor('float32', [values.length], Float32Array.from(values)) : vectorTensor(values)
  const { first, further, last } = polynomials
  const roots = await runtime.run(rootModel(polynomials, powers, precision), {
    ...inputs,
    ...square,
    first: numbers(first),
    last: numbers(last),
    ...Object.fromEntries(further.map((step, i) => [`step ${i + 1}`, numbers(step)])),
  })
  return powers.map((power) => roots[`${power}`]!)
}

const whole = ['n', 'n']
const blocks = ['upper', 'side', 'lower'] as const
const blockSize = (block: string) => [`${block} rows`, `${block} columns`]

/** `A²` in blocks and its Frobenius norm. */
const squaring = { float32: squaringModel('float32'), float64: squaringModel('float64') }

function squaringModel(precision: Precision): Model {
  const graph = graphBuilder('symmetric square')
  const given = matrixIn(graph, precision)
  const a = splitSymmetric(graph, given, graph.input('halves', 'int64', [2]))
  const square = multiplySymmetric(graph, a, a)
  for (const [i, block] of blocks.entries()) graph.output(block, square[i]!, precision, blockSize(block))
  const [upper, side, lower] = eachPart(square, (part) => graph.node('ReduceSumSquare', [part], { keepdims: int(0) }))
  graph.output('norm', graph.node('Sqrt', [graph.node('Sum', [upper, side!, side!, lower!])]), precision, [])
  return graph.model()
}

/** The matrix, given in double precision. */
function matrixIn(graph: GraphBuilder, precision: Precision): Value {
  const a = graph.input('a', 'float64', whole)
  return precision === 'float64' ? a : graph.node('Cast', [a], { to: int(FLOAT32) })
}

const rootModels = new Map<string, Model>()

/** The graph for polynomials of these degrees. */
function rootModel({ first, further, last }: RootPolynomials, powers: readonly Power[], precision: Precision): Model {
  const key = [precision, first.length, further.length, last.length, ...powers].join()
  const counts = { first: first.length, further: further.map((step) => step.length), last: last.length }
  const model = rootModels.get(key) ?? buildRoots(counts, powers, precision)
  rootModels.set(key, model)
  return model
}

/**
 * All steps in one graph, so that what lies between them stays in its memory. In a further step, products of what
 * only rounding keeps from commuting have to keep their order, and their asymmetry (Higham 2008, 6.4): no blocks then.
 */
function buildRoots(
  counts: { readonly first: number; readonly further: readonly number[]; readonly last: number },
  powers: readonly Power[],
  precision: Precision,
): Model {
  const graph = graphBuilder('symmetric roots')
  const coefficients = (name: string, count: number): Value[] => {
    const ones = graph.constant(integerTensor(new Array<number>(count).fill(1)))
    return graph.nodes('Split', count, [graph.input(name, precision, [count]), ones], { axis: int(0) })
  }
  const given = matrixIn(graph, precision)
  const halves = graph.input('halves', 'int64', [2])
  const square = blocks.map((block) => graph.input(block, precision, blockSize(block))) as unknown as SymmetricParts
  const ordered = counts.further.length > 0
  const a: SymmetricParts = ordered ? [given] : splitSymmetric(graph, given, halves)
  const a2: SymmetricParts = ordered ? [joinSymmetric(graph, square)] : square
  const [constant, ...others] = coefficients('first', counts.first)
  let z = addIdentity(graph, symmetricPolynomial(graph, a, a2, others), constant!)
  let y = multiplySymmetric(graph, a, z)
  counts.further.forEach((count, i) => {
    const t = multiplySymmetric(graph, z, y)
    const q = symmetricPolynomial(graph, t, multiplySymmetric(graph, t, t), coefficients(`step ${i + 1}`, count))
    y = multiplySymmetric(graph, y, q, y)
    z = multiplySymmetric(graph, q, z, z)
  })
  const minusT = eachPart(multiplySymmetric(graph, z, y), (part) => graph.node('Neg', [part]))
  const one = precision === 'float32' ? tensor('float32', [1], Float32Array.of(1)) : vectorTensor([1])
  const d = addIdentity(graph, minusT, graph.constant(one))
  const r = symmetricPolynomial(graph, d, multiplySymmetric(graph, d, d), coefficients('last', counts.last))
  for (const power of powers) {
    const root = power === 0.5 ? multiplySymmetric(graph, y, r, y) : multiplySymmetric(graph, r, z, z)
    graph.output(`${power}`, joinSymmetric(graph, root), precision, whole)
  }
  return graph.model()
}
