import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, type Rows } from '../../../testing/fragment-check.ts'
import { argmax, dot, mean, softmax } from '../../../testing/plain-softmax.ts'
import { marginDisparity } from './margin-disparity.ts'
import { openSetAdversarial } from './open-set.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const LAMBDA = 0.75

/** `softmax(f W)` of each row. */
const predictions = (at: Rows, features: string): number[][] =>
  at[features]!.map((f) =>
    softmax(
      at.w![0]!.map((_, c) =>
        dot(
          f,
          at.w!.map((row) => row[c]!),
        ),
      ),
    ),
  )

const cases = [
  [3, 5, 4],
  [1, 1, 2],
  [2, 1, 3],
  [1, 6, 2],
] as const

describe.each(cases)('of %i and %i rows, %i classes', (n, m, classes) => {
  const { normal } = draws(n + 10 * m)
  const inputs = {
    fs: normal([n, 3]),
    zs: normal([n, classes]),
    ft: normal([m, 3]),
    zt: normal([m, classes]),
    w: normal([3, classes]),
    reversal: tensorFrom('float32', [], [LAMBDA]),
  }

  it.each([undefined, 1.5])('the margin disparity is its formula (gamma: %s)', async (gamma) => {
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) =>
        marginDisparity(
          graph,
          { source: { features: 'fs', logits: 'zs' }, target: { features: 'ft', logits: 'zt' } },
          {
            adversary: (features) => graph.node('MatMul', [features, 'w']),
            reversal: 'reversal',
            ...(gamma === undefined ? {} : { gamma }),
          },
        ),
      formula(at) {
        const source = predictions(at, 'fs').map((p, i) => Math.log(p[argmax(at.zs![i]!)]!))
        const target = predictions(at, 'ft').map((p, j) => Math.log(1 - p[argmax(at.zt![j]!)]!))
        return -(gamma ?? 4) * mean(source) - mean(target)
      },
      by: { fs: -LAMBDA, ft: -LAMBDA, zs: 0, zt: 0, w: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })

  it.each([undefined, 0.2])('the open-set loss is its formula (t: %s)', async (boundary) => {
    const t = boundary ?? 0.5
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) =>
        openSetAdversarial(graph, 'ft', {
          classifier: (features) => graph.node('MatMul', [features, 'w']),
          reversal: 'reversal',
          ...(boundary === undefined ? {} : { boundary }),
        }),
      formula: (at) =>
        -mean(predictions(at, 'ft').map((p) => t * Math.log(p.at(-1)!) + (1 - t) * Math.log(1 - p.at(-1)!))),
      by: { ft: -LAMBDA, w: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })
})

describe('where a probability rounds to 1', () => {
  const certain = {
    f: tensorFrom('float32', [1, 3], [0, 0, 300]),
    reversal: tensorFrom('float32', [], [LAMBDA]),
  }

  it('the disparity is the distance of the logits, with its gradient', async () => {
    const check = await checkFragment(runtime, {
      inputs: certain,
      build: (graph) =>
        marginDisparity(
          graph,
          { source: { features: 'f', logits: 'f' }, target: { features: 'f', logits: 'f' } },
          { adversary: (features) => features, reversal: 'reversal' },
        ),
      formula: (at) => at.f![0]![2]! - Math.log(Math.exp(at.f![0]![0]!) + Math.exp(at.f![0]![1]!)),
      by: { f: -LAMBDA },
    })
    expect(check.run).toBeLessThan(1e-5)
    expect(check.value).toBeGreaterThan(299)
  })

  it('so is the open-set loss', async () => {
    const check = await checkFragment(runtime, {
      inputs: certain,
      build: (graph) => openSetAdversarial(graph, 'f', { classifier: (features) => features, reversal: 'reversal' }),
      formula: (at) => (at.f![0]![2]! - Math.log(Math.exp(at.f![0]![0]!) + Math.exp(at.f![0]![1]!))) / 2,
      by: { f: -LAMBDA },
    })
    expect(check.run).toBeLessThan(1e-5)
  })
})

it('the open-set loss is least, log 2, where the unknown class has probability ½', async () => {
  const check = await checkFragment(runtime, {
    inputs: {
      f: tensorFrom('float32', [2, 3], [0, 0, Math.log(2), 1, 1, 1 + Math.log(2)]),
      r: tensorFrom('float32', [], [1]),
    },
    build: (graph) => openSetAdversarial(graph, 'f', { classifier: (features) => features, reversal: 'r' }),
    formula: () => Math.log(2),
    by: { f: 1 },
  })
  expect(check.exact).toBeLessThan(1e-6)
})
