import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, sliceRows, takeRows } from '../../tensor/index.ts'
import { normalMatrix, plainProduct } from '../../testing/matrices.ts'
import { adapt } from '../adapt.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const N = 120
const CLASSES = ['a', 'b', 'c', 'd']

/** Places on a rolled-up sheet, and in which quarter of it they are. */
function places(seed: number): { readonly rows: Matrix; readonly labels: Int32Array } {
  const random = seededRandom(seed)
  const rows = matrix(N, 3)
  const labels = new Int32Array(N)
  for (let i = 0; i < N; i++) {
    const [along, across] = [random.uniform(), random.uniform()]
    const angle = 1 + 3 * Math.PI * along
    rowOf(rows, i).set([(angle * Math.cos(angle)) / 4, 3 * across, (angle * Math.sin(angle)) / 4])
    labels[i] = Math.min(3, Math.floor(4 * along))
  }
  return { rows, labels }
}

/** What `d` sensors see of places: turned, scaled, and with noise. */
function seen(rows: Matrix, d: number, scale: number, noise: number, seed: number): Matrix {
  const axes = normalMatrix(3, d, seededRandom(seed))
  for (let a = 0; a < 3; a++) {
    const axis = rowOf(axes, a)
    for (let b = 0; b < a; b++) {
      const other = rowOf(axes, b)
      const shared = axis.reduce((sum, value, j) => sum + value * other[j]!, 0)
      for (let j = 0; j < d; j++) axis[j]! -= shared * other[j]!
    }
    const length = Math.hypot(...axis)
    for (let j = 0; j < d; j++) axis[j]! /= length
  }
  const result = plainProduct(rows, axes)
  const random = seededRandom(seed + 100)
  for (let at = 0; at < result.data.length; at++) {
    result.data[at] = scale * (result.data[at]! + noise * random.normal())
  }
  return result
}

/** The part of a view's rows that are recognised from another view of the same places, in an order of their own. */
async function recognised(seed: number, noise: number, options: Readonly<Record<string, unknown>>): Promise<number> {
  const { rows, labels } = places(seed)
  const order = seededRandom(seed + 7).permutation(N)
  const { predicted } = await adapt({
    task: { kind: 'classification', classes: CLASSES },
    sources: [{ name: 's', features: seen(rows, 8, 1, noise, seed + 20), labels }],
    target: { name: 't', features: takeRows(seen(rows, 5, 3, noise, seed + 30), order) },
    method: 'manifold-alignment-by-geometry',
    options,
    scale: 'none',
    classifier: 'nearest-neighbour',
    runtime,
  })
  return predicted.filter((label, i) => label === labels[order[i]!]).length / N
}

describe('manifold-alignment-by-geometry', () => {
  it.each([1, 2, 3])('recognises places seen by other sensors, with nothing known in both (%d)', async (seed) => {
    expect(await recognised(seed, 0, {})).toBeGreaterThan(0.98)
    expect(await recognised(seed, 0.02, {})).toBeGreaterThan(0.9)
    expect(await recognised(seed, 0, { patternDistance: 'absolute' })).toBeGreaterThan(0.9)
  })

  it('owes that to the patterns: joined with all rows alike it does no better than chance', async () => {
    expect(await recognised(1, 0, { matches: null, delta: 1e3 })).toBeLessThan(0.5)
  })

  it('uses labelled target rows, near features, and works on hardly any rows', async () => {
    const { rows, labels } = places(1)
    const request = {
      task: { kind: 'classification', classes: CLASSES },
      sources: [{ name: 's', features: rows, labels }],
      target: { name: 't', features: sliceRows(rows, 0, 2) },
      labelledTarget: { name: 't', features: sliceRows(rows, 2, 4), labels: labels.slice(2, 4) },
      method: 'manifold-alignment-by-geometry',
      scale: 'none',
      runtime,
    } as const
    const finite = (m: Matrix): boolean => m.data.every(Number.isFinite)
    expect(finite((await adapt(request)).probabilities)).toBe(true)
    const { labelledTarget: _, ...alone } = request
    const one = { ...alone, target: { name: 't', features: sliceRows(rows, 0, 1) } }
    expect(finite((await adapt(one)).probabilities)).toBe(true)
  })
})
