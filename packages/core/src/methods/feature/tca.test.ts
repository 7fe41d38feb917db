import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom } from '../../tensor/index.ts'
import { type AdaptRequest, adapt } from '../adapt.ts'
import { meanRow } from '../rows.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Two classes along axis 0; the domain lies elsewhere along axis 1, which varies more than anything else. */
function sample(rows: number, shift: number, seed: number): { features: Matrix; labels: Int32Array } {
  const random = seededRandom(seed)
  const features = matrix(rows, 6)
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 2)
  for (let i = 0; i < rows; i++) {
    const row = rowOf(features, i)
    for (let j = 0; j < 6; j++) row[j] = 0.3 * random.normal()
    row[0] = row[0]! + (labels[i] === 1 ? 2 : -2)
    row[1] = row[1]! + shift
  }
  return { features, labels }
}
const source = { name: 's', ...sample(40, -4, 1) }
const target = { name: 't', ...sample(30, 4, 2) }
const request: AdaptRequest = {
  task: { kind: 'classification', classes: ['a', 'b'] },
  sources: [source],
  target: { name: 't', features: target.features },
  scale: 'none',
  method: 'tca',
  runtime,
}
const right = (predicted: Int32Array): number =>
  predicted.filter((label, i) => label === target.labels[i]).length / predicted.length

/** The squared distance of the domains' means as a part of all rows' scatter around their domain's mean. */
function discrepancyOf({ source: s, target: t }: { source: Matrix; target: Matrix }): number {
  const [ms, mt] = [meanRow(s).mean, meanRow(t).mean]
  const spread = (m: Matrix, mean: Float64Array) =>
    m.data.reduce((sum, value, i) => sum + (value - mean[i % m.columns]!) ** 2, 0) / m.rows
  return ms.reduce((sum, value, j) => sum + (value - mt[j]!) ** 2, 0) / (spread(s, ms) + spread(t, mt))
}

describe('tca', () => {
  it.each(['linear', 'primal', 'rbf'] as const)(
    'finds components where the domains’ means agree: %s',
    async (kernel) => {
      // λ small: the discrepancy weighs more than the size of the transform.
      const options = { kernel, components: 1, lambda: 1e-3, unitRows: false }
      const result = await adapt({ ...request, options })
      expect(discrepancyOf(result.after)).toBeLessThan(0.05 * discrepancyOf(result.before))
      expect(right(result.predicted)).toBe(1)
    },
  )

  it('gives rows of unit length unless told otherwise', async () => {
    const { after } = await adapt({ ...request, options: { components: 3 } })
    for (let i = 0; i < 30; i++) expect(Math.hypot(...rowOf(after.target, i))).toBeCloseTo(1, 12)
  })

  it('says what it reached: components at most those there are, the objective, the bandwidth of rbf', async () => {
    const linear = await adapt({ ...request, options: { components: 50 } })
    expect(linear.facts).toEqual({ components: 6, objective: expect.any(Number) })
    const rbf = await adapt({ ...request, options: { kernel: 'rbf', components: 5, bandwidth: 3 } })
    expect(rbf.facts).toMatchObject({ components: 5, bandwidth: 3 })
  })

  it('has a larger objective with more components, and a smaller one with a larger penalty', async () => {
    const objective = async (options: AdaptRequest['options']) =>
      (await adapt({ ...request, options: { ...options } })).facts.objective as number
    expect(await objective({ components: 3 })).toBeGreaterThan(await objective({ components: 1 }))
    expect(await objective({ components: 3, lambda: 10 })).toBeLessThan(await objective({ components: 3, lambda: 1 }))
  })
})
