import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { identity, matrixFromRows } from '../tensor/index.ts'
import { largestDifference, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { symmetricPower } from './symmetric-power.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('symmetricPower', () => {
  it('squares of a root, and products with an inverse, are what they should be', async () => {
    const a = symmetricWith([9, 4, 1, 0.25])
    const root = await symmetricPower(runtime, a, 0.5)
    expect(largestDifference(plainProduct(root, root).data, a.data)).toBeLessThan(1e-12)
    const inverse = await symmetricPower(runtime, a, -1)
    expect(largestDifference(plainProduct(a, inverse).data, identity(4).data)).toBeLessThan(1e-12)
  })

  it('of a singular matrix: the pseudo-inverse', async () => {
    const inverse = await symmetricPower(
      runtime,
      matrixFromRows([
        [4, 0],
        [0, 0],
      ]),
      -0.5,
    )
    expect(largestDifference(inverse.data, [0.5, 0, 0, 0])).toBeLessThan(1e-15)
  })

  it('refuses a matrix that is not positive semidefinite', async () => {
    await expect(symmetricPower(runtime, symmetricWith([1, -1]), 0.5)).rejects.toThrow('positive semidefinite')
  })
})
