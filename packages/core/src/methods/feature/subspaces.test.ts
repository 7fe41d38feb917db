import { afterAll, describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../linalg/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Matrix, matrix, seededRandom, transpose } from '../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../../testing/matrices.ts'
import { adapt } from '../adapt.ts'
import { centred, meanRow } from '../rows.ts'
import { principalAxes } from './principal-axes.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const squares = (m: Matrix): number => m.data.reduce((sum, value) => sum + value * value, 0)
const request = (source: Matrix, target: Matrix) =>
  ({
    task: { kind: 'classification', classes: ['a', 'b'] },
    sources: [{ name: 's', features: source, labels: Int32Array.from({ length: source.rows }, (_, i) => i % 2) }],
    target: { name: 't', features: target },
    scale: 'none',
    runtime,
  }) as const

describe('principalAxes', () => {
  it.each([
    [60, 12],
    [10, 40],
  ])('keeps the most variance that so many directions can, %i × %i', async (rows, columns) => {
    const x = normalMatrix(rows, columns)
    const { axes, variances } = await principalAxes(runtime, x, 5)
    const residual = centred(x, meanRow(x).mean)
    const all = symmetricEigen(plainProduct(transpose(residual), residual)).values
    const best = all.subarray(0, 5).reduce((sum, value) => sum + value, 0)
    expect(squares(plainProduct(residual, axes)) / best).toBeCloseTo(1, 10)
    expect((variances.reduce((sum, value) => sum + value, 0) * rows) / best).toBeCloseTo(1, 10)
  })

  it('gives no more axes than the sample has', async () => {
    expect((await principalAxes(runtime, normalMatrix(4, 30), 20)).axes.columns).toBe(3)
    expect((await principalAxes(runtime, matrix(5, 3), 2)).axes.columns).toBe(1)
  })
})

describe('sa', () => {
  it('aligns with the M that minimises ‖P_s M − P_t‖: any change makes it worse', async () => {
    const source = normalMatrix(50, 8, seededRandom(1))
    const target = normalMatrix(40, 8, seededRandom(2))
    const { axes: ps } = await principalAxes(runtime, source, 3)
    const { axes: pt } = await principalAxes(runtime, target, 3)
    const result = await adapt({ ...request(source, target), method: 'sa', options: { components: 3 } })
    const residual = centred(source, meanRow(source).mean)
    const m = plainProduct(transpose(ps), pt)
    expect(largestDifference(result.after.source.data, plainProduct(residual, plainProduct(ps, m)).data)).toBeLessThan(
      1e-9,
    )
    const cost = (candidate: Matrix): number => {
      const aligned = plainProduct(ps, candidate)
      return squares(
        matrix(
          8,
          3,
          aligned.data.map((value, i) => value - pt.data[i]!),
        ),
      )
    }
    const random = seededRandom(3)
    for (let trial = 0; trial < 20; trial++) {
      expect(
        cost(
          matrix(
            3,
            3,
            m.data.map((value) => value + 0.01 * random.normal()),
          ),
        ),
      ).toBeGreaterThan(cost(m))
    }
  })
})
