import { InvalidInputError } from '../errors.ts'
import { type Matrix, type Random, takeRows } from '../tensor/index.ts'

/** All rows where there are at most `limit`, else `limit` of them drawn without replacement, in their own order. */
export function sampleRows(x: Matrix, limit: number, random: Random): Matrix {
  return x.rows <= limit ? x : takeRows(x, random.permutation(x.rows).slice(0, limit).sort())
}

/** Throws `InvalidInputError` unless both domains have at least `atLeast` rows and the same columns. */
export function checkDomains(source: Matrix, target: Matrix, atLeast: number): void {
  if (source.columns !== target.columns) {
    throw new InvalidInputError(
      `source and target are compared feature by feature, got ${source.columns} and ${target.columns} features`,
    )
  }
  if (source.rows < atLeast || target.rows < atLeast) {
    throw new InvalidInputError(
      `comparing domains needs at least ${atLeast} rows of each, got ${source.rows} of the source and ${target.rows} of the target`,
    )
  }
}
