import {
  cholesky,
  invertPositive,
  multiply,
  type Scatter,
  solveUpper,
  symmetricPower,
  symmetricRoot,
} from '../../../linalg/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { type Matrix, matrix, transpose } from '../../../tensor/index.ts'

/** A covariance from the scatter of `n` rows, `products / n + ridge · I`. */
export function covarianceOf({ products }: Scatter, n: number, ridge: number): Matrix {
  const result = matrix(products.rows, products.columns)
  for (let e = 0; e < result.data.length; e++) result.data[e] = products.data[e] / n
  for (let j = 0; j < result.rows; j++) result.data[j * (result.rows + 1)] += ridge
  return result
}

/** Products of roots and inverses are as exact as eigenpairs and substitution where eigenvalues differ by less than this. */
const CONDITION = 1e9
/** Up to this size they take no less time. */
const SMALL = 64

/**
 * The optimal map between centred Gaussians (Knott and Smith 1984): the one symmetric positive `A` with `A C_s A = C_t`, which
 * is `C_s^-½ (C_s^½ C_t C_s^½)^½ C_s^-½`. Found by the Cholesky factor `C_s = LLᵀ` as `L⁻ᵀ (LᵀC_tL)^½ L⁻¹`, which needs one root
 * instead of three. Both covariances are `d × d`, the source's positive definite, no eigenvalue of either below `least`: where
 * that says that they are conditioned well, large ones are solved by products alone.
 */
export async function gaussianMap(runtime: Runtime, source: Matrix, target: Matrix, least = 0): Promise<Matrix> {
  const l = cholesky(source)
  const between = await multiply(runtime, l, await multiply(runtime, target, l), { a: true })
  symmetrise(between)
  const quick = source.rows > SMALL && trace(between) < CONDITION * least ** 2
  const map = quick
    ? await throughInverse(runtime, source, l, await symmetricRoot(runtime, between, 0.5, least ** 2))
    : throughFactor(l, await symmetricPower(runtime, between, 0.5))
  symmetrise(map)
  return map
}

/** `L⁻ᵀ R L⁻¹` of a symmetric `R`. */
const throughFactor = (l: Matrix, root: Matrix): Matrix => solveUpper(l, transpose(solveUpper(l, root)))

/** The same as `P R Pᵀ`, since `L⁻ᵀ = (LLᵀ)⁻¹L = P`. */
async function throughInverse(runtime: Runtime, source: Matrix, l: Matrix, root: Matrix): Promise<Matrix> {
  const p = await multiply(runtime, await invertPositive(runtime, source), l)
  return multiply(runtime, await multiply(runtime, p, root), p, { b: true })
}

function trace({ rows, data }: Matrix): number {
  let sum = 0
  for (let i = 0; i < rows; i++) sum += data[i * (rows + 1)]
  return sum
}

/** Replaces `A` by `(A + Aᵀ)/2`. */
function symmetrise({ rows: n, data }: Matrix): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (data[i * n + j] + data[j * n + i]) / 2
      data[i * n + j] = mean
      data[j * n + i] = mean
    }
  }
}
