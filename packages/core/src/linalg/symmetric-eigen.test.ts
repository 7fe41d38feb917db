import { describe, expect, it } from 'vitest'
import { matrix, matrixFromRows, transpose } from '../tensor/index.ts'
import { largestDifference, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

describe('symmetricEigen', () => {
  it.each([1, 2, 3, 10, 60])('finds all eigenpairs of a random matrix of %i rows', (n) => {
    const known = Array.from({ length: n }, (_, i) => n - 2.5 * i)
    const a = symmetricWith(known)
    const { values, vectors } = symmetricEigen(a)
    expect(largestDifference(values, known)).toBeLessThan(1e-11 * n)
    const scaled = matrix(
      n,
      n,
      vectors.data.map((value, i) => value * values[i % n]!),
    )
    expect(largestDifference(plainProduct(a, vectors).data, scaled.data)).toBeLessThan(1e-11 * n)
    const products = plainProduct(transpose(vectors), vectors)
    expect(largestDifference(products.data, symmetricWith(known.map(() => 1)).data)).toBeLessThan(1e-12 * n)
  })

  it('handles repeated and zero eigenvalues, and diagonal matrices', () => {
    expect([
      ...symmetricEigen(
        matrixFromRows([
          [0, 0],
          [0, 0],
        ]),
      ).values,
    ]).toEqual([0, 0])
    expect([
      ...symmetricEigen(
        matrixFromRows([
          [2, 0, 0],
          [0, 5, 0],
          [0, 0, 2],
        ]),
      ).values,
    ]).toEqual([5, 2, 2])
    const { values } = symmetricEigen(symmetricWith([4, 4, 4, 1, 0, 0, -3]))
    expect(largestDifference(values, [4, 4, 4, 1, 0, 0, -3])).toBeLessThan(1e-13)
  })

  it('reads the lower triangle only and leaves its input alone', () => {
    const a = matrixFromRows([
      [2, 999],
      [1, 2],
    ])
    expect(largestDifference(symmetricEigen(a).values, [3, 1])).toBeLessThan(1e-14)
    expect([...a.data]).toEqual([2, 999, 1, 2])
  })

  it('refuses a matrix that is not square', () => {
    expect(() => symmetricEigen(matrix(2, 3))).toThrow('2 × 3')
  })
})
