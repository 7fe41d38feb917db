import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, type Rows } from '../../../testing/fragment-check.ts'
import { mean } from '../../../testing/plain-softmax.ts'
import { filled } from '../../../testing/small-network.ts'
import { hardFeatureNorm, stepwiseFeatureNorm } from './feature-norm.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const norms = (rows: Rows) => rows.f!.map((row) => Math.hypot(...row))

describe.each([1, 2, 7])('feature norms of %i rows', (rows) => {
  const inputs = { f: draws(rows).normal([rows, 4]) }

  it.each([undefined, 2])('the hard loss draws their mean to the radius (%s)', async (radius) => {
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) => hardFeatureNorm(graph, 'f', radius === undefined ? {} : { radius }),
      formula: (at) => (mean(norms(at)) - (radius ?? 25)) ** 2,
      by: { f: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })

  it.each([undefined, 0.3])('the stepwise loss draws each to one longer by a step (%s)', async (step) => {
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) => stepwiseFeatureNorm(graph, 'f', step === undefined ? {} : { step }),
      formula: (at, held) => mean(norms(at).map((norm, i) => (norms(held)[i]! + (step ?? 1) - norm) ** 2)),
      by: { f: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
    expect(Math.abs(check.value - (step ?? 1) ** 2)).toBeLessThan(1e-6)
  })
})

it('rows of zeros have no direction to grow in', async () => {
  for (const build of [hardFeatureNorm, stepwiseFeatureNorm]) {
    const check = await checkFragment(runtime, {
      inputs: { f: filled([2, 3], (k) => (k < 3 ? 0 : 1)) },
      build: (graph) => build(graph, 'f'),
      formula: () => 0,
      by: { f: 1 },
    })
    expect(Math.hypot(...check.gradients.f!.slice(0, 3))).toBe(0)
    expect(check.gradients.f!.slice(3).every((g) => g < 0)).toBe(true)
  }
})
