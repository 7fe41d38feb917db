import { DidNotConvergeError } from '../errors.ts'
import { float, graphBuilder, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, type Tensor, tensorMatrix } from '../tensor/index.ts'
import { matrixOperator } from './operators.ts'
import { signPolynomial } from './sign-polynomial.ts'
import { symmetricPower } from './symmetric-power.ts'
import { topEigenpairs } from './top-eigen.ts'

/** Below this size all eigenpairs are quicker than the iteration's products. */
const SMALL = 64
const MOST_STEPS = 40
const PRECISE = 1e-13

/**
 * `A^½` or `A^-½` of a symmetric matrix whose eigenvalues are at least `least > 0`, by products alone: the coupled
 * iteration `Y ← Y p(ZY)`, `Z ← p(ZY) Z` for the matrix sign function (Higham, Functions of Matrices, 2008, 6.7), each
 * step with the best polynomial for the interval that is left. Three steps where `A` is well conditioned.
 */
export async function symmetricRoot(runtime: Runtime, a: Matrix, power: 0.5 | -0.5, least: number): Promise<Matrix> {
  if (a.rows <= SMALL) return symmetricPower(runtime, a, power)
  const bound = await topEigenpairs(runtime, matrixOperator(a), 1, { tolerance: 1e-2 })
  const largest = bound.values[0]! * 1.02
  let lowest = Math.sqrt(Math.min(1, least / largest))
  let y: Tensor = matrixTensor(scaled(a, 1 / largest))
  let z: Tensor | undefined
  for (let step = 0; step < MOST_STEPS; step++) {
    const { coefficients, error } = signPolynomial(lowest)
    const last = error < PRECISE
    // All steps but the last bring the interval's upper end back to 1; `p(T) = c₀ (I + q(T))`.
    const c0 = coefficients[0]! / (last ? 1 : 1 + error)
    const q = coefficients.slice(1).map((c) => c / coefficients[0]!)
    const { t, t2 } = await powersOf(runtime, y, z)
    const parts = combine(tensorMatrix(t), tensorMatrix(t2), q)
    const inputs = { y, t2, upper: parts.upper, lower: parts.lower, ...(z === undefined ? {} : { z }) }
    const wanted = last ? power : undefined
    const outputs = await runtime.run(stepModel(z === undefined, wanted), inputs)
    if (wanted === 0.5) return scaled(tensorMatrix(outputs.yOut!), c0 * Math.sqrt(largest))
    if (wanted === -0.5) return scaled(withIdentity(outputs, z === undefined), c0 / Math.sqrt(largest))
    y = matrixTensor(scaled(tensorMatrix(outputs.yOut!), c0))
    z = matrixTensor(scaled(withIdentity(outputs, z === undefined), c0))
    // Rounding keeps the interval from shrinking to the point that the exact polynomial promises.
    lowest = Math.min((1 - error) / (1 + error), 1 - 1e-9)
  }
  throw new DidNotConvergeError('matrix square root', 1 - lowest, 'raise the regularisation')
}

/** `T = ZY` (`Y` in the first step, where `Z` is the identity) and `T²`. */
async function powersOf(runtime: Runtime, y: Tensor, z: Tensor | undefined): Promise<{ t: Tensor; t2: Tensor }> {
  if (z === undefined) return { t: y, t2: (await runtime.run(firstPowers, { y })).t2! }
  const { t, t2 } = await runtime.run(laterPowers, { y, z })
  return { t: t!, t2: t2! }
}

/** `q₁T + q₂T²` and `q₃T + q₄T²`, in one pass: as graph operators they would take longer than a product. */
function combine(t: Matrix, t2: Matrix, [q1, q2, q3, q4]: readonly number[]): { lower: Tensor; upper: Tensor } {
  const lower = matrix(t.rows, t.columns)
  const upper = matrix(t.rows, t.columns)
  for (let i = 0; i < t.data.length; i++) {
    lower.data[i] = q1! * t.data[i]! + q2! * t2.data[i]!
    upper.data[i] = q3! * t.data[i]! + q4! * t2.data[i]!
  }
  return { lower: matrixTensor(lower), upper: matrixTensor(upper) }
}

/** `Z` of the first step is `I + q(T)` itself, of which the graph gives `q(T)`. */
function withIdentity(outputs: Readonly<Record<string, Tensor>>, first: boolean): Matrix {
  const result = tensorMatrix(outputs.zOut!)
  if (first) {
    for (let i = 0; i < result.rows; i++) {
      const at = i * result.columns + i
      result.data[at] = result.data[at]! + 1
    }
  }
  return result
}

const firstPowers = powersModel(true)
const laterPowers = powersModel(false)

function powersModel(first: boolean): Model {
  const graph = graphBuilder('root powers')
  const square = ['n', 'n']
  const y = graph.input('y', 'float64', square)
  const t = first ? y : graph.node('MatMul', [graph.input('z', 'float64', square), y])
  if (!first) graph.output('t', t, 'float64', square)
  graph.output('t2', graph.node('MatMul', [t, t]), 'float64', square)
  return graph.model()
}

/** The graphs of the steps: the first one or a later one; both results or only the wanted one. */
const stepModels: Readonly<Record<string, Model>> = Object.fromEntries(
  [true, false].flatMap((first) =>
    ([undefined, 0.5, -0.5] as const).map((only) => [`${first} ${only}`, buildStep(first, only)]),
  ),
)

const stepModel = (first: boolean, only: 0.5 | -0.5 | undefined): Model => stepModels[`${first} ${only}`]!

/** `q = lower + T² upper`, then `Y + Yq` and `Z + qZ`, each one fused product. */
function buildStep(first: boolean, only: 0.5 | -0.5 | undefined): Model {
  const graph = graphBuilder('root step')
  const square = ['n', 'n']
  const input = (name: string) => graph.input(name, 'float64', square)
  const y = input('y')
  const fused = { beta: float(1) }
  const q = graph.node('Gemm', [input('t2'), input('upper'), input('lower')], fused)
  const z = first ? undefined : input('z')
  if (only !== -0.5) graph.output('yOut', graph.node('Gemm', [y, q, y], fused), 'float64', square)
  if (only !== 0.5) {
    graph.output('zOut', z === undefined ? q : graph.node('Gemm', [q, z, z], fused), 'float64', square)
  }
  return graph.model()
}

function scaled(m: Matrix, factor: number): Matrix {
  const result = matrix(m.rows, m.columns)
  for (let i = 0; i < m.data.length; i++) result.data[i] = m.data[i]! * factor
  return result
}
