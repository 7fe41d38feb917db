import { multiply, orthonormalising, solveUpper } from '../../linalg/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { identity, type Matrix, matrix, takeRows } from '../../tensor/index.ts'
import { pivotedCholesky } from './spaces/pivoted-cholesky.ts'

/** From this many columns on, working within the span is worth its own work. */
const LEAST_COLUMNS = 128

/** Rows to columns up to which work of the order of `d³` is spared that making a basis does not cost. */
const MOST_ROWS = 0.75

/** Whether both samples together have at most half as many rows as there are columns, and those are many. */
export const hasFewRows = (source: Matrix, target: Matrix): boolean =>
  source.columns > LEAST_COLUMNS && source.rows + target.rows <= source.columns / 2

/**
 * A linear map (`d × d`) that is made from the covariances of two samples, each plus the same multiple of the identity, and is
 * the identity where both are that multiple: `A = I + Q (A_Q − I) Qᵀ` with the span `Q` of the centred rows and the map `A_Q`
 * that `mapOf` makes from the rows' coordinates in it. `O(n d² + n³)` where `mapOf` takes `O(n³)`.
 */
export async function mapWithinSpan(
  runtime: Runtime,
  source: Matrix,
  target: Matrix,
  mapOf: (source: Matrix, target: Matrix) => Promise<Matrix>,
): Promise<Matrix> {
  const span = await rowSpan(runtime, [source, target])
  const within = await mapOf(await multiply(runtime, source, span), await multiply(runtime, target, span))
  for (let i = 0; i < within.rows; i++) within.data[i * (within.columns + 1)]! -= 1
  const map = await multiply(runtime, await multiply(runtime, span, within), span, { b: true })
  for (let i = 0; i < map.rows; i++) map.data[i * (map.columns + 1)]! += 1
  return map
}

/** Rows in the coordinates of an orthonormal basis of a space that they lie in. */
export interface SpannedRows {
  /** `XQ`, `n × r`. */
  readonly rows: Matrix
  /** `Q`, `d × r`; absent where it is the identity. */
  readonly basis?: Matrix
}

/**
 * The rows of `x` (`n × d`) in `r` coordinates, `r` being their numerical rank, where they are so few that this saves work,
 * as they are otherwise. Products of rows stay what they are to rounding, so a linear map that is penalised by its size or
 * found from products alone is the same: one of the coordinates, times `Qᵀ`. `O(n² d + n³)`.
 */
export async function spannedRows(runtime: Runtime, x: Matrix): Promise<SpannedRows> {
  if (x.columns <= LEAST_COLUMNS || x.rows > x.columns * MOST_ROWS) return { rows: x }
  const basis = await basisOf(runtime, x)
  return basis.columns === 0 ? { rows: x } : { rows: await multiply(runtime, x, basis), basis }
}

/** From a map of coordinates (`r × k`) to that of the features (`d × k`). */
export const fromSpan = async (runtime: Runtime, { basis }: SpannedRows, map: Matrix): Promise<Matrix> =>
  basis === undefined ? map : multiply(runtime, basis, map)

/**
 * Orthonormal columns `Q` (`d × r`) that span the rows of all `samples` (`n × d` each), each centred by its own mean; `r` is
 * their numerical rank. `O(n² d + n³)`; orthonormal to rounding, as they are made so twice.
 */
async function rowSpan(runtime: Runtime, samples: readonly Matrix[]): Promise<Matrix> {
  return basisOf(runtime, stackCentred(samples))
}

/** Orthonormal columns that span the rows of `x` (`n × d`): those of independent ones among them, to rounding. */
async function basisOf(runtime: Runtime, x: Matrix): Promise<Matrix> {
  const { pivots, factor } = pivotedCholesky(await multiply(runtime, x, x, { b: true }))
  const triangle = takeRows(factor, pivots)
  const first = await multiply(runtime, takeRows(x, pivots), solveUpper(triangle, identity(pivots.length)), { a: true })
  const again = orthonormalising(await multiply(runtime, first, first, { a: true }))
  return multiply(runtime, first, again)
}

/** The centred rows but the last of each sample, which is minus the sum of the others. */
function stackCentred(samples: readonly Matrix[]): Matrix {
  const columns = samples[0]!.columns
  const kept = samples.map(({ rows }) => Math.max(rows - 1, 0))
  const result = matrix(
    kept.reduce((sum, n) => sum + n, 0),
    columns,
  )
  let at = 0
  for (const [s, sample] of samples.entries()) {
    const { data } = sample
    const mean = columnMeans(sample)
    for (let i = 0; i < kept[s]!; i++) {
      for (let j = 0; j < columns; j++) result.data[at++] = data[i * columns + j]! - mean[j]!
    }
  }
  return result
}

/** The mean row. */
export function columnMeans({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += data[i * columns + j]! / rows
  return mean
}
