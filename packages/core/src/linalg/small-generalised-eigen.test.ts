import { describe, expect, it } from 'vitest'
import { matrix, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { generalisedEigen } from './small-generalised-eigen.ts'

describe('generalisedEigen', () => {
  it('solves H c = θ S c with CᵀSC = I', () => {
    const x = normalMatrix(30, 8)
    const s = plainProduct(transpose(x), x)
    const h = symmetricWith([5, 4, 3, 2, 1, 0, -1, -2])
    const { values, vectors } = generalisedEigen(h, s)
    const left = plainProduct(h, vectors)
    const right = plainProduct(s, vectors)
    expect(
      largestDifference(
        left.data,
        right.data.map((value, i) => value * values[i % 8]!),
      ),
    ).toBeLessThan(1e-12)
    const eye = plainProduct(transpose(vectors), right)
    expect(largestDifference(eye.data, symmetricWith(Array(8).fill(1)).data)).toBeLessThan(1e-12)
  })

  it('leaves out directions in which S vanishes', () => {
    const x = normalMatrix(3, 6)
    const s = plainProduct(transpose(x), x)
    const { values } = generalisedEigen(s, s)
    expect(largestDifference(values, [1, 1, 1])).toBeLessThan(1e-10)
    expect(generalisedEigen(matrix(2, 2), matrix(2, 2)).values.length).toBe(0)
  })
})
