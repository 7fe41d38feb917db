import { invertPositive, multiply } from '../../../linalg/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { type Matrix, matrix, transpose } from '../../../tensor/index.ts'
import { centred, meanRow } from '../../rows.ts'
import type { Moments } from './moments.ts'

/** `tanh(x P + c)`, or `tanh(x L P + c)`, with `c` `r` numbers. */
export interface Denoiser {
  /** `P`, `d × r`, or `m × r` where `L` is there. */
  readonly projection: Matrix
  /** `L`, `d × m`. */
  readonly left?: Matrix
  readonly constant: Float64Array
}

/**
 * The map that best gives back rows of which each feature was set to 0 with probability `p`, over all corruptions at once
 * (Chen 2012): `argmin_{W, c} Σᵢ E‖x_i − W x̃_i − c‖²`, with `ridge` on the diagonal where the corruption's is. With
 * `C = scatter`, `S_jj = Σᵢ x_ij²` and `Λ = diag(p(1 − p)S_jj + ridge)` it is `W = (1 − p)C((1 − p)²C + Λ)⁻¹` and
 * `c = mean − (1 − p)W mean`: the paper's `P Q⁻¹` with the constant feature, which is never corrupted, eliminated. Since
 * `(1 − p)W = I − Λ((1 − p)²C + Λ)⁻¹`, an inverse is all that is needed; it is taken of the system scaled by `Λ^−½` on
 * both sides, whose eigenvalues are 1 and more.
 */
export async function denoiser(runtime: Runtime, moments: Moments, p: number, ridge: number): Promise<Denoiser> {
  const { mean } = moments
  const d = mean.length
  const noise = corruption(moments, p, ridge)
  const inverse = await scaledInverse(runtime, moments, noise, p)
  const projection = matrix(d, d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      // Column j of the projection is row j of W.
      const share = Math.sqrt(noise[j]! / noise[i]!) * inverse.data[j * d + i]!
      projection.data[i * d + j] = ((i === j ? 1 : 0) - share) / (1 - p)
    }
  }
  return { projection, constant: constantOf(projection, mean, mean, p) }
}

/**
 * The same map from the rows themselves (`x`: `n × d`), for far fewer rows than features: with the centred rows `Z` and
 * `T = (1 − p) Z Λ^−½`, `I − (TᵀT + I)⁻¹ = Tᵀ(TTᵀ + I)⁻¹T`. What is inverted is `n × n`, and the map stays a product of two
 * factors, `L = Λ^−½Tᵀ` and `P = (TTᵀ + I)⁻¹TΛ^½ / (1 − p)`.
 */
export async function denoiserOfFewRows(runtime: Runtime, x: Matrix, p: number, ridge: number): Promise<Denoiser> {
  const { mean } = meanRow(x)
  const d = x.columns
  const rows = centred(x, mean)
  const noise = new Float64Array(d).fill(ridge)
  for (let at = 0; at < x.data.length; at++) noise[at % d]! += p * (1 - p) * x.data[at]! ** 2
  const scaledBy = (factors: Float64Array, m: Matrix): Matrix =>
    matrix(
      m.rows,
      d,
      m.data.map((value, at) => value * factors[at % d]!),
    )
  const t = scaledBy(
    noise.map((value) => (1 - p) / Math.sqrt(value)),
    rows,
  )
  const system = await multiply(runtime, t, t, { b: true })
  for (let i = 0; i < x.rows; i++) system.data[i * (x.rows + 1)]! += 1
  const projection = scaledBy(
    noise.map((value) => Math.sqrt(value) / (1 - p)),
    await multiply(runtime, await invertPositive(runtime, system), t),
  )
  const factor = scaledBy(
    noise.map((value) => 1 / Math.sqrt(value)),
    t,
  )
  const image = await multiply(runtime, matrix(1, d, mean), factor, { b: true })
  return { left: transpose(factor), projection, constant: constantOf(projection, image.data, mean, p) }
}

/**
 * The same with only some features given back, `kept` (`r` of them), from those in `part` alone, features outside being
 * as good as absent (section 3.3 of the paper). `across`: the scatter between `part` (rows) and `kept` (columns).
 */
export async function partialDenoiser(
  runtime: Runtime,
  part: Moments,
  across: Matrix,
  keptMean: Float64Array,
  p: number,
  ridge: number,
): Promise<Denoiser> {
  const noise = corruption(part, p, ridge)
  const inverse = await scaledInverse(runtime, part, noise, p)
  const scaled = matrix(across.rows, across.columns)
  for (let i = 0; i < across.rows; i++) {
    const factor = (1 - p) / Math.sqrt(noise[i]!)
    for (let j = i * across.columns; j < (i + 1) * across.columns; j++) scaled.data[j] = factor * across.data[j]!
  }
  const projection = await multiply(runtime, inverse, scaled)
  for (let i = 0; i < projection.rows; i++) {
    const factor = 1 / Math.sqrt(noise[i]!)
    for (let j = i * across.columns; j < (i + 1) * across.columns; j++) {
      projection.data[j] = factor * projection.data[j]!
    }
  }
  return { projection, constant: constantOf(projection, part.mean, keptMean, p) }
}

/** The diagonal of `Λ`. */
const corruption = ({ mean, scatter, rows }: Moments, p: number, ridge: number): Float64Array =>
  mean.map((value, j) => p * (1 - p) * (scatter.data[j * mean.length + j]! + rows * value * value) + ridge)

/** `((1 − p)²Λ^−½CΛ^−½ + I)⁻¹`. */
function scaledInverse(runtime: Runtime, { scatter }: Moments, noise: Float64Array, p: number): Promise<Matrix> {
  const d = noise.length
  const scale = noise.map((value) => (1 - p) / Math.sqrt(value))
  const system = matrix(d, d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) system.data[i * d + j] = scale[i]! * scale[j]! * scatter.data[i * d + j]!
    system.data[i * d + i] = system.data[i * d + i]! + 1
  }
  return invertPositive(runtime, system)
}

/** `target − (1 − p)·mean·P`. */
function constantOf(projection: Matrix, mean: Float64Array, target: Float64Array, p: number): Float64Array {
  const result = target.slice()
  for (let i = 0; i < projection.rows; i++) {
    const factor = (1 - p) * mean[i]!
    const row = i * projection.columns
    for (let j = 0; j < result.length; j++) result[j] = result[j]! - factor * projection.data[row + j]!
  }
  return result
}
