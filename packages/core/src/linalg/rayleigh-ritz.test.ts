import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { identity, matrix, takeColumns, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { matrixOperator } from './operators.ts'
import { rayleighRitz } from './rayleigh-ritz.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const a = symmetricWith([7, 5, 3, 2, 1, 0.5])
const { stage } = matrixOperator(a)

describe('rayleighRitz', () => {
  it('finds the eigenpairs in an invariant subspace, in any basis of it', async () => {
    const span = takeColumns(symmetricEigen(a).vectors, 1, 4)
    const { values, residuals } = await rayleighRitz(runtime, stage, undefined)(plainProduct(span, normalMatrix(3, 3)))
    expect(largestDifference(values, [5, 3, 2])).toBeLessThan(1e-12)
    expect(Math.max(...residuals)).toBeLessThan(1e-11)
  })

  it('gives orthonormal vectors and the true lengths of their residuals', async () => {
    const { values, block, residuals } = await rayleighRitz(runtime, stage, undefined)(normalMatrix(6, 3))
    expect(largestDifference(plainProduct(transpose(block), block).data, identity(3).data)).toBeLessThan(1e-12)
    const image = plainProduct(a, block)
    for (let j = 0; j < 3; j++) {
      const rest = Array.from({ length: 6 }, (_, i) => image.data[i * 3 + j]! - values[j]! * block.data[i * 3 + j]!)
      expect(residuals[j]).toBeCloseTo(Math.hypot(...rest), 10)
    }
    // Ritz values interlace: none exceeds the eigenvalue of its place.
    for (let j = 0; j < 3; j++) expect(values[j]).toBeLessThanOrEqual([7, 5, 3][j]! + 1e-12)
  })

  it('leaves out what depends on other columns', async () => {
    const two = normalMatrix(6, 2)
    const three = matrix(6, 3)
    for (let i = 0; i < 6; i++) {
      three.data.set([two.data[i * 2]!, two.data[i * 2 + 1]!, two.data[i * 2]! - 3 * two.data[i * 2 + 1]!], i * 3)
    }
    const { values, block } = await rayleighRitz(runtime, stage, undefined)(three)
    expect([values.length, block.columns]).toEqual([2, 2])
  })

  it('measures in a metric: VᵀGV = I, and GM’s eigenvalues relative to G', async () => {
    // M = G⁻¹A is self-adjoint in G; with G diagonal its eigenvalues are those of G^-½ A G^-½.
    const weights = [1, 2, 3, 4, 5, 6]
    const metric = matrix(6, 6)
    const relative = matrix(6, 6)
    const symmetric = matrix(6, 6)
    for (let i = 0; i < 6; i++) {
      metric.data[i * 6 + i] = weights[i]!
      for (let j = 0; j < 6; j++) {
        relative.data[i * 6 + j] = a.data[i * 6 + j]! / weights[i]!
        symmetric.data[i * 6 + j] = a.data[i * 6 + j]! / Math.sqrt(weights[i]! * weights[j]!)
      }
    }
    const { values, block } = await rayleighRitz(runtime, matrixOperator(relative).stage, metric)(normalMatrix(6, 6))
    expect(largestDifference(values, symmetricEigen(symmetric).values)).toBeLessThan(1e-11)
    const weighted = plainProduct(transpose(block), plainProduct(metric, block))
    expect(largestDifference(weighted.data, identity(6).data)).toBeLessThan(1e-11)
  })
})
