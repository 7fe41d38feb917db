import { cholesky, solveLower } from '../linalg/index.ts'
import { graphBuilder, int, ints, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { identity, type Matrix, matrix, matrixTensor, tensor, transpose, vectorTensor } from '../tensor/index.ts'

/** Whether a component's covariance is a full matrix or a diagonal one. */
export type CovarianceKind = 'full' | 'diagonal'

/** One Gaussian, in `d` dimensions. */
export interface Component {
  /** `d`. */
  readonly mean: Float64Array
  /** `W` with `W Wᵀ = Σ⁻¹`: `d × d`, upper triangular; of a diagonal covariance its diagonal, `1 × d`. */
  readonly whitening: Matrix
  /** `log det W = −½ log det Σ`. */
  readonly logVolume: number
}

/**
 * The Gaussian that fits rows `x` (`n × d`) with `weights` (`n`, not negative) best, `ridge` being added to the variances.
 * Where the weights sum to nothing, it lies at 0.
 */
export async function fitComponent(
  runtime: Runtime,
  x: Matrix,
  weights: Float64Array,
  kind: CovarianceKind,
  ridge: number,
): Promise<Component> {
  const total = weights.reduce((sum, value) => sum + value, 0) + 10 * Number.EPSILON
  const shares = tensor(
    'float64',
    [x.rows, 1],
    weights.map((value) => value / total),
  )
  const { mean, covariance } = await runtime.run(momentModels[kind], { x: matrixTensor(x), shares })
  const values = (covariance!.data as Float64Array).slice()
  return { mean: mean!.data as Float64Array, ...(kind === 'full' ? whitenFull : whitenDiagonal)(values, ridge) }
}

function whitenFull(covariance: Float64Array, ridge: number): Pick<Component, 'whitening' | 'logVolume'> {
  const d = Math.sqrt(covariance.length)
  for (let j = 0; j < covariance.length; j += d + 1) covariance[j] += ridge
  const factor = cholesky(matrix(d, d, covariance))
  let logVolume = 0
  for (let j = 0; j < d; j++) logVolume -= Math.log(factor.data[j * d + j])
  return { whitening: transpose(solveLower(factor, identity(d))), logVolume }
}

function whitenDiagonal(variances: Float64Array, ridge: number): Pick<Component, 'whitening' | 'logVolume'> {
  const scales = variances.map((variance) => 1 / Math.sqrt(variance + ridge))
  const logVolume = scales.reduce((sum, scale) => sum + Math.log(scale), 0)
  return { whitening: matrix(1, scales.length, scales), logVolume }
}

/** The log density of each row of `x` (`n × d`) under the component: `n` numbers. */
export async function logDensities(
  runtime: Runtime,
  x: Matrix,
  kind: CovarianceKind,
  { mean, whitening, logVolume }: Component,
): Promise<Float64Array> {
  const inputs = { x: matrixTensor(x), mean: vectorTensor(mean), whitening: matrixTensor(whitening) }
  const { squares } = await runtime.run(distanceModels[kind], inputs)
  const offset = logVolume - (x.columns * Math.log(2 * Math.PI)) / 2
  return (squares!.data as Float64Array).map((square) => offset - square / 2)
}

const momentModels: Readonly<Record<CovarianceKind, Model>> = {
  full: momentModel('full'),
  diagonal: momentModel('diagonal'),
}
const distanceModels: Readonly<Record<CovarianceKind, Model>> = {
  full: distanceModel('full'),
  diagonal: distanceModel('diagonal'),
}

/** `mean = Σᵢ sᵢ xᵢ`, `covariance = Σᵢ sᵢ (xᵢ − mean)(xᵢ − mean)ᵀ` or its diagonal, `s` being the shares. */
function momentModel(kind: CovarianceKind): Model {
  const graph = graphBuilder(`${kind}-moments`)
  const x = graph.input('x', 'float64', ['n', 'd'])
  const shares = graph.input('shares', 'float64', ['n', 1])
  const mean = graph.node('Gemm', [shares, x], { transA: int(1) })
  const centred = graph.node('Sub', [x, mean])
  const weighted = graph.node('Mul', [centred, shares])
  const covariance =
    kind === 'full'
      ? graph.node('Gemm', [weighted, centred], { transA: int(1) })
      : graph.node('Gemm', [shares, graph.node('Mul', [centred, centred])], { transA: int(1) })
  graph.output('mean', mean, 'float64', [1, 'd'])
  graph.output('covariance', covariance, 'float64', [kind === 'full' ? 'd' : 1, 'd'])
  return graph.model()
}

/** `‖(xᵢ − mean) W‖²` for every row. */
function distanceModel(kind: CovarianceKind): Model {
  const graph = graphBuilder(`${kind}-distances`)
  const x = graph.input('x', 'float64', ['n', 'd'])
  const mean = graph.input('mean', 'float64', ['d'])
  const whitening = graph.input('whitening', 'float64', [kind === 'full' ? 'd' : 1, 'd'])
  const white = graph.node(kind === 'full' ? 'MatMul' : 'Mul', [graph.node('Sub', [x, mean]), whitening])
  const squares = graph.node('ReduceSumSquare', [white], { axes: ints([1]), keepdims: int(0) })
  graph.output('squares', squares, 'float64', ['n'])
  return graph.model()
}
