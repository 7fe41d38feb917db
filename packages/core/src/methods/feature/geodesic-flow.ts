import { multiply, smallProduct, svd } from '../../linalg/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix } from '../../tensor/index.ts'

/**
 * A factor `F` (`D × 2d`) of the geodesic flow kernel between two subspaces, `G = ∫₀¹ Φ(t)Φ(t)ᵀ dt = FFᵀ` (Gong 2012,
 * eq. 5 and 6), so that `xᵀGy` is the inner product of `xF` and `yF`. `source` and `target` are `D × d` with orthonormal
 * columns.
 *
 * With `P_sᵀP_t = U Γ Vᵀ` and the principal angles `θ`, the flow is `Φ(t) = P_sU cos(tθ) + N sin(tθ)`, where
 * `N = (P_tV − P_sUΓ) / sin θ` (the paper's `−R_sU₂`, without forming the complement `R_s`). The integrals of cos²,
 * cos·sin and sin² give a 2 × 2 block an angle, factored here by Cholesky.
 */
export async function geodesicFlowFactor(runtime: Runtime, source: Matrix, target: Matrix): Promise<Matrix> {
  const { u, values: cosines, v } = svd(await multiply(runtime, source, target, { a: true }))
  const from = smallProduct(source, u)
  const to = smallProduct(target, v)
  const { rows, columns } = from
  const factor = matrix(rows, 2 * columns)
  for (let j = 0; j < columns; j++) {
    const across = new Float64Array(rows)
    for (let i = 0; i < rows; i++) across[i] = to.data[i * columns + j]! - cosines[j]! * from.data[i * columns + j]!
    const sine = Math.sqrt(across.reduce((sum, value) => sum + value * value, 0))
    const angle = Math.atan2(sine, cosines[j]!)
    const { first, mixed, second } = blockFactor(angle)
    for (let i = 0; i < rows; i++) {
      const along = from.data[i * columns + j]!
      const normal = sine > 0 ? across[i]! / sine : 0
      factor.data[i * 2 * columns + j] = first * along + mixed * normal
      factor.data[i * 2 * columns + columns + j] = second * normal
    }
  }
  return factor
}

/** The Cholesky factor `[[first, 0], [mixed, second]]` of the integrals of `[[cos², cos·sin], [cos·sin, sin²]](tθ)` over `t`. */
function blockFactor(angle: number): { first: number; mixed: number; second: number } {
  const { a, b, c } = angle < 1e-2 ? smallAngle(angle) : integrals(angle)
  const first = Math.sqrt(a)
  return { first, mixed: b / first, second: Math.sqrt(Math.max(c - (b * b) / a, 0)) }
}

function integrals(angle: number): { a: number; b: number; c: number } {
  const wave = Math.sin(2 * angle) / (2 * angle)
  return { a: (1 + wave) / 2, b: Math.sin(angle) ** 2 / (2 * angle), c: (1 - wave) / 2 }
}

/** The same by Taylor series, where the differences above would cancel. */
function smallAngle(x: number): { a: number; b: number; c: number } {
  const c = (x * x) / 3 - x ** 4 / 15 + (2 * x ** 6) / 315
  return { a: 1 - c, b: x / 2 - x ** 3 / 6 + x ** 5 / 45, c }
}
