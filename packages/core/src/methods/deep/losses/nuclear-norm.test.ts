import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import type { Tensor } from '../../../tensor/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, interpretFragment } from '../../../testing/fragment-check.ts'
import { filled } from '../../../testing/small-network.ts'
/*
 * NumPy 2's `linalg.svd` in float64 of a[i][j] = sin(1 + 3 i + 2 j²) + (i = j), rounded to float32: the sum of the
 * singular values and U Vᵀ.
 */
import reference from './nuclear-norm.reference.json' with { type: 'json' }
import { batchNuclearNorm, nuclearNorm } from './nuclear-norm.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const dimsOf = ({ dims }: Tensor) => dims as [number, number]

/** The value and gradient, without a formula to compare with. */
const found = (a: Tensor) =>
  checkFragment(runtime, {
    inputs: { a },
    build: (graph) => nuclearNorm(graph, 'a', dimsOf(a)),
    formula: () => 0,
    by: { a: 1 },
  })

describe('the nuclear norm', () => {
  it.each(Object.entries(reference))(
    'and its gradient are those of NumPy: %s',
    async (_, { rows, classes, norm, gradient }) => {
      const a = filled([rows, classes], (k) => {
        const [i, j] = [Math.floor(k / classes), k % classes]
        return Math.sin(1 + 3 * i + 2 * j * j) + (i === j ? 1 : 0)
      })
      const { value, gradients } = await found(a)
      expect(Math.abs(value / norm - 1)).toBeLessThan(1e-6)
      gradient.forEach((each, k) => {
        expect(Math.abs(gradients.a![k]! - each)).toBeLessThan(1e-6)
      })
    },
  )

  it('of a 2 × 2 matrix is √(‖A‖² + 2 |det A|), with its gradient', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(999), async (seed) => {
        const { uniform } = draws(seed)
        const small = uniform([2, 2], -0.4, 0.4)
        const a = tensorFrom(
          'float32',
          [2, 2],
          [...small.data].map((x, k) => Number(x) + (k % 3 === 0 ? 1 : 0)),
        )
        const check = await checkFragment(runtime, {
          inputs: { a },
          build: (graph) => nuclearNorm(graph, 'a', [2, 2]),
          formula({ a: rows }) {
            const [[p, q], [r, s]] = rows as [[number, number], [number, number]]
            return Math.sqrt(p * p + q * q + r * r + s * s + 2 * Math.abs(p * s - q * r))
          },
          by: { a: 1 },
        })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-5)
      }),
      { numRuns: 15 },
    )
  })

  it('of rank one is the Frobenius norm; its gradient is a unit direction and at most a unit more elsewhere', async () => {
    const a = filled([4, 3], (k) => (1 + Math.floor(k / 3)) * [2, -1, 0.5][k % 3]!)
    const norm = Math.hypot(...a.data)
    const { value, gradients } = await found(a)
    expect(Math.abs(value / norm - 1)).toBeLessThan(1e-6)
    const along = gradients.a!.reduce((sum, g, k) => sum + (g * a.data[k]!) / norm, 0)
    expect(Math.abs(along - 1)).toBeLessThan(1e-6)
    expect(Math.hypot(...gradients.a!)).toBeLessThan(Math.sqrt(3) + 1e-6)
  })

  it('of zeros is 0, with a gradient of 0; huge and tiny matrices have theirs', async () => {
    const zero = await found(filled([3, 2], () => 0))
    expect([zero.value, Math.hypot(...zero.gradients.a!)]).toEqual([0, 0])
    for (const size of [1e30, 1e-30]) {
      const { value, gradients } = await found(filled([3, 3], (k) => (k % 4 === 0 ? size * (1 + k) : 0)))
      expect(Math.abs(value / (15 * size) - 1)).toBeLessThan(1e-6)
      gradients.a!.forEach((g, k) => {
        expect(Math.abs(g - (k % 4 === 0 ? 1 : 0))).toBeLessThan(1e-6)
      })
    }
  })

  it('reaches singular values of a millionth of the largest', async () => {
    const { gradients } = await found(filled([3, 3], (k) => [1, 0, 0, 0, 1e-3, 0, 0, 0, 1e-6][k]!))
    expect([0, 4, 8].map((k) => gradients.a![k]!.toFixed(5))).toEqual(['1.00000', '1.00000', '1.00000'])
  })

  it('does not depend on the order of rows and columns, nor on which of them are more', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.nat(999))
    const norm = (a: Tensor) => interpretFragment({ a }, (graph) => nuclearNorm(graph, 'a', dimsOf(a)))[0]!
    fc.assert(
      fc.property(sizes, ([rows, width, seed]) => {
        const { normal, random } = draws(seed)
        const a = normal([rows, width])
        const order = random.permutation(rows)
        const moved = tensorFrom(
          'float32',
          [width, rows],
          Array.from({ length: rows * width }, (_, k) =>
            Number(a.data[order[k % rows]! * width + Math.floor(k / rows)]),
          ),
        )
        expect(Math.abs(norm(a) - norm(moved))).toBeLessThan(1e-5)
      }),
      { numRuns: 20 },
    )
  })
})

describe('batch nuclear-norm maximisation', () => {
  const at = (rows: number, classes: number, logits: (k: number) => number) =>
    interpretFragment({ z: filled([rows, classes], logits) }, (graph) =>
      batchNuclearNorm(graph, 'z', [rows, classes]),
    )[0]!

  it('is least where rows are certain and classes equally often, and greater where all are alike', () => {
    const diverse = at(6, 3, (k) => (Math.floor(k / 3) % 3 === k % 3 ? 99 : 0))
    expect(diverse).toBeCloseTo(-Math.sqrt(3 / 6), 6)
    expect(at(6, 3, (k) => (k % 3 === 0 ? 99 : 0))).toBeCloseTo(-1 / Math.sqrt(6), 6)
    expect(at(6, 3, () => 0)).toBeCloseTo(-1 / Math.sqrt(18), 6)
  })
})
