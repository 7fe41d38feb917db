import { DidNotConvergeError } from '../errors.ts'
import { type GraphBuilder, graphBuilder, type Model, type Value } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import {
  identity,
  type Matrix,
  matrix,
  matrixTensor,
  type Tensor,
  tensorMatrix,
  vectorTensor,
} from '../tensor/index.ts'
import { matrixOperator } from './operators.ts'
import { signPolynomial } from './sign-polynomial.ts'
import { symmetricPower } from './symmetric-power.ts'
import { topEigenpairs } from './top-eigen.ts'

/** Below this size all eigenpairs are quicker than the iteration's products. */
const SMALL = 64
const MOST_STEPS = 40

/**
 * `A^½` or `A^-½` of a symmetric matrix whose eigenvalues are at least `least > 0`, by products alone: the coupled
 * iteration `Y ← Y p(ZY)`, `Z ← p(ZY) Z` for the matrix sign function (Higham, Functions of Matrices, 2008, 6.7), each
 * step with the best polynomial for the interval that is left. Three steps where `A` is well conditioned.
 */
export async function symmetricRoot(runtime: Runtime, a: Matrix, power: 0.5 | -0.5, least: number): Promise<Matrix> {
  if (a.rows <= SMALL) return symmetricPower(runtime, a, power)
  const bound = await topEigenpairs(runtime, matrixOperator(a), 1, { tolerance: 1e-2 })
  const largest = bound.values[0]! * 1.02
  const eye = matrixTensor(identity(a.rows))
  let lowest = Math.sqrt(Math.min(1, least / largest))
  let y: Tensor = matrixTensor(scaled(a, 1 / largest))
  let z: Tensor | undefined
  for (let step = 0; step < MOST_STEPS; step++) {
    const { coefficients, error } = signPolynomial(lowest)
    const last = error < 1e-13
    // All steps but the last bring the interval's upper end back to 1.
    const factor = last ? 1 : 1 / (1 + error)
    const inputs = { y, eye, coefficients: vectorTensor(coefficients.map((c) => c * factor)) }
    const outputs = await runtime.run(stepModel(z === undefined, last ? power : undefined), {
      ...inputs,
      ...(z === undefined ? {} : { z }),
    })
    if (last) return scaled(tensorMatrix((outputs.yOut ?? outputs.zOut)!), largest ** power)
    y = outputs.yOut!
    z = outputs.zOut!
    // Rounding keeps the interval from shrinking to the point that the exact polynomial promises.
    lowest = Math.min((1 - error) / (1 + error), 1 - 1e-9)
  }
  throw new DidNotConvergeError('matrix square root', 1 - lowest, 'raise the regularisation')
}

/** The graphs of the iteration: the first step (where `Z` is the identity), or a later one; both results or only the wanted one. */
const stepModels: Readonly<Record<string, Model>> = Object.fromEntries(
  [true, false].flatMap((first) =>
    [undefined, 0.5, -0.5].map((only) => [`${first} ${only}`, buildStep(first, only as 0.5 | -0.5 | undefined)]),
  ),
)

const stepModel = (first: boolean, only: 0.5 | -0.5 | undefined): Model => stepModels[`${first} ${only}`]!

function buildStep(first: boolean, only: 0.5 | -0.5 | undefined): Model {
  const graph = graphBuilder('root step')
  const square = ['n', 'n']
  const y = graph.input('y', 'float64', square)
  const eye = graph.input('eye', 'float64', square)
  const coefficients = graph.input('coefficients', 'float64', [5])
  const z = first ? undefined : graph.input('z', 'float64', square)
  const p = polynomial(graph, z === undefined ? y : graph.node('MatMul', [z, y]), eye, coefficients)
  if (only !== -0.5) graph.output('yOut', graph.node('MatMul', [y, p]), 'float64', square)
  if (only !== 0.5) graph.output('zOut', z === undefined ? p : graph.node('MatMul', [p, z]), 'float64', square)
  return graph.model()
}

/** `c₀I + c₁T + c₂T² + T²(c₃T + c₄T²)`: two products for degree four. */
function polynomial(graph: GraphBuilder, t: Value, eye: Value, coefficients: Value): Value {
  const at = (i: number) =>
    graph.node('Gather', [coefficients, graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(i)) })])
  const times = (x: Value, i: number) => graph.node('Mul', [x, at(i)])
  const t2 = graph.node('MatMul', [t, t])
  const upper = graph.node('MatMul', [t2, graph.node('Add', [times(t, 3), times(t2, 4)])])
  const lower = graph.node('Sum', [times(eye, 0), times(t, 1), times(t2, 2)])
  return graph.node('Add', [lower, upper])
}

function scaled(m: Matrix, factor: number): Matrix {
  const result = matrix(m.rows, m.columns)
  for (let i = 0; i < m.data.length; i++) result.data[i] = m.data[i]! * factor
  return result
}
