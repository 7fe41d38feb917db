import { afterAll, describe, expect, it } from 'vitest'
import { applyStages, nodeRuntime } from '../runtime/index.ts'
import { transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { gramOperator, matrixOperator } from './operators.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('operators', () => {
  it('multiply a block of columns by a matrix', async () => {
    const a = symmetricWith([3, 2, 1, 0])
    const block = normalMatrix(4, 2)
    const { size, stage, matrix: formed } = matrixOperator(a)
    expect([size, formed]).toEqual([4, a])
    const image = await applyStages(runtime, [stage], block)
    expect(largestDifference(image.data, plainProduct(a, block).data)).toBeLessThan(1e-14)
  })

  it('multiply by XᵀX without forming it', async () => {
    const x = normalMatrix(3, 7)
    const block = normalMatrix(7, 2)
    const { size, stage, matrix: formed } = gramOperator(x)
    expect([size, formed]).toEqual([7, undefined])
    const image = await applyStages(runtime, [stage], block)
    expect(largestDifference(image.data, plainProduct(transpose(x), plainProduct(x, block)).data)).toBeLessThan(1e-12)
  })
})
