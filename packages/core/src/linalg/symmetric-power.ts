import { InvalidInputError } from '../errors.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix } from '../tensor/index.ts'
import { multiply } from './products.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * `A^p` of a symmetric positive semidefinite matrix by all its eigenpairs; eigenvalues below `1e-12` of the largest
 * count as 0, and for `p < 0` they stay 0 (the pseudo-inverse's power). Throws where `A` has a clearly negative one.
 */
export async function symmetricPower(runtime: Runtime, a: Matrix, p: number): Promise<Matrix> {
  const { values, vectors } = symmetricEigen(a)
  const limit = 1e-12 * Math.abs(values[0] ?? 0)
  if (values.at(-1)! < -1e3 * limit) {
    throw new InvalidInputError(`a power needs a positive semidefinite matrix, got the eigenvalue ${values.at(-1)}`)
  }
  const powers = values.map((value) => (value > limit ? value ** p : 0))
  const scaled = matrix(vectors.rows, vectors.columns)
  for (let i = 0; i < scaled.data.length; i++) scaled.data[i] = vectors.data[i]! * powers[i % scaled.columns]!
  return multiply(runtime, scaled, vectors, { b: true })
}
