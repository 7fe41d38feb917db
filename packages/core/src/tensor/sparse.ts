import { type Matrix, matrix } from './matrix.ts'

/**
 * A sparse float64 matrix in compressed rows: row `i` holds `values[k]` at column `indices[k]` for
 * `starts[i] <= k < starts[i + 1]`; indices ascend within a row.
 */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Float64Array
}

/** Feature values, dense or sparse. */
export type Features = Matrix | SparseMatrix

/** Whether features are kept sparse. */
export const isSparse = (features: Features): features is SparseMatrix => 'starts' in features

/** Dense features: the matrix itself where it is dense already, else a new one with the zeros filled in. */
export function toDense(features: Features): Matrix {
  if (!isSparse(features)) return features
  const result = matrix(features.rows, features.columns)
  for (let i = 0; i < features.rows; i++) {
    for (let k = features.starts[i]!; k < features.starts[i + 1]!; k++) {
      result.data[i * features.columns + features.indices[k]!] = features.values[k]!
    }
  }
  return result
}
