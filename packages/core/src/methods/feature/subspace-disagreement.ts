import { multiply, svd } from '../../linalg/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix, stackRows, takeColumns } from '../../tensor/index.ts'
import { principalAxes } from './principal-axes.ts'

/** The subspaces of both domains at the dimension that the measure picked. */
export interface AgreedSubspaces {
  readonly source: Matrix
  readonly target: Matrix
  readonly dimension: number
}

/**
 * The subspace disagreement measure (Gong 2012, 4.3): `D(d) = ½ (sin α_d + sin β_d)`, `α_d` and `β_d` being the `d`-th
 * principal angle of the source's, and of the target's, `d` principal axes with those of both domains together. The
 * dimension is the least `d` with `D(d) ≥ threshold`: beyond it a direction of one domain is orthogonal to the common
 * ones. At most half of the features; the largest `D` where none reaches the threshold.
 */
export async function agreeOnDimension(
  runtime: Runtime,
  source: Matrix,
  target: Matrix,
  threshold: number,
): Promise<AgreedSubspaces> {
  const both = stackRows([source, target])
  const most = Math.max(1, Math.min(source.columns >> 1, source.rows - 1, target.rows - 1))
  let tried = 0
  let best = { dimension: 1, value: Number.NEGATIVE_INFINITY }
  for (let size = Math.min(32, most); ; size = Math.min(size * 2, most)) {
    const [s, t, common] = [
      (await principalAxes(runtime, source, size)).axes,
      (await principalAxes(runtime, target, size)).axes,
      (await principalAxes(runtime, both, size)).axes,
    ]
    const toSource = await multiply(runtime, s, common, { a: true })
    const toTarget = await multiply(runtime, t, common, { a: true })
    const available = Math.min(s.columns, t.columns, common.columns)
    for (let d = tried + 1; d <= available; d++) {
      const value = (lastSine(toSource, d) + lastSine(toTarget, d)) / 2
      if (value > best.value + 1e-12) best = { dimension: d, value }
      if (value >= threshold) return cut(s, t, d)
    }
    tried = available
    if (size === most || available < size) return cut(s, t, best.dimension)
  }
}

const cut = (source: Matrix, target: Matrix, dimension: number): AgreedSubspaces => ({
  source: takeColumns(source, 0, dimension),
  target: takeColumns(target, 0, dimension),
  dimension,
})

/** The sine of the largest principal angle between the first `d` axes of both bases, from their products. */
function lastSine(products: Matrix, d: number): number {
  const block = matrix(d, d)
  for (let i = 0; i < d; i++) {
    block.data.set(products.data.subarray(i * products.columns, i * products.columns + d), i * d)
  }
  const cosine = Math.min(1, svd(block).values[d - 1]!)
  return Math.sqrt(1 - cosine * cosine)
}
