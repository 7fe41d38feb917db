import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { matrixFromRows } from '../tensor/index.ts'
import { largestDifference, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { symmetricPower } from './symmetric-power.ts'
import { symmetricRoot, symmetricRoots } from './symmetric-root.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('symmetricRoot', () => {
  it.each([
    ['well conditioned', 40],
    ['badly conditioned', 1e6],
    ['the identity', 1],
  ])('agrees with the power by eigenpairs: %s', async (_, condition) => {
    const a = symmetricWith(Array.from({ length: 90 }, (_, i) => condition ** (i / 89)))
    for (const power of [0.5, -0.5] as const) {
      const root = await symmetricRoot(runtime, a, power, 1)
      const expected = await symmetricPower(runtime, a, power)
      expect(largestDifference(root.data, expected.data) / Math.sqrt(condition)).toBeLessThan(1e-10)
    }
  })

  it('takes matrices of odd size, and refuses a bound that says nothing', async () => {
    const a = symmetricWith(Array.from({ length: 71 }, (_, i) => 1 + i / 3))
    const root = await symmetricRoot(runtime, a, -0.5, 1)
    expect(largestDifference(root.data, (await symmetricPower(runtime, a, -0.5)).data)).toBeLessThan(1e-12)
    await expect(symmetricRoot(runtime, a, -0.5, 1e-300)).rejects.toThrow('raise the regularisation')
  })

  it('is defined by its square', async () => {
    const a = symmetricWith(Array.from({ length: 80 }, (_, i) => 1 + i))
    const root = await symmetricRoot(runtime, a, 0.5, 1)
    expect(largestDifference(plainProduct(root, root).data, a.data)).toBeLessThan(1e-10)
  })
})

describe('symmetricRoots', () => {
  it('gives both roots at once, in single precision too', async () => {
    const a = symmetricWith(Array.from({ length: 90 }, (_, i) => 1 + i / 3))
    for (const [precision, tolerance] of [
      ['float32', 1e-5],
      ['float64', 1e-12],
    ] as const) {
      const roots = await symmetricRoots(runtime, a, [-0.5, 0.5], 1, precision)
      for (const [i, power] of ([-0.5, 0.5] as const).entries()) {
        expect(roots[i]!.type).toBe(precision)
        const expected = await symmetricPower(runtime, a, power)
        expect(largestDifference(roots[i]!.data as Float64Array, expected.data)).toBeLessThan(5 * tolerance)
      }
    }
  })
})

describe('symmetricPower', () => {
  it('takes any power, and the pseudo-inverse’s where there are zeros', async () => {
    const a = matrixFromRows([
      [5, 4],
      [4, 5],
    ])
    expect(largestDifference((await symmetricPower(runtime, a, 2)).data, plainProduct(a, a).data)).toBeLessThan(1e-12)
    const singular = matrixFromRows([
      [2, 2],
      [2, 2],
    ])
    expect(
      largestDifference((await symmetricPower(runtime, singular, -1)).data, [1 / 8, 1 / 8, 1 / 8, 1 / 8]),
    ).toBeLessThan(1e-15)
  })

  it('refuses an indefinite matrix', async () => {
    await expect(symmetricPower(runtime, symmetricWith([2, -1]), 0.5)).rejects.toThrow('positive semidefinite')
  })
})
