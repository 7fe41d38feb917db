import { afterAll, describe, expect, it } from 'vitest'
import { stopGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom } from '../../../tensor/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, type Rows } from '../../../testing/fragment-check.ts'
import { dot, mean, sigmoid } from '../../../testing/plain-softmax.ts'
import { adda } from './adda.ts'
import { domainAdversarial } from './domain-adversarial.ts'
import { domainConfusion } from './domain-confusion.ts'
import { integers } from './graph-values.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const LAMBDA = 0.25

/** Scores `f · w` with the weights `w` of the graph. */
const linear =
  (graph: GraphBuilder) =>
  (features: Value, { fixed = false } = {}): Value => {
    const weights = fixed ? stopGradient(graph, 'w') : 'w'
    return graph.node('Squeeze', [graph.node('MatMul', [features, weights]), integers(graph, [1])])
  }

function inputsOf(sourceRows: number, targetRows: number, kind: string) {
  const { normal } = draws(sourceRows * 10 + targetRows)
  const zeros = (rows: number) =>
    tensorFrom('float32', [rows, 3], new Array<number>(rows * 3).fill(kind === 'zeros' ? 0 : 1.5))
  const rows = (count: number) => (kind === 'random' ? normal([count, 3]) : zeros(count))
  return {
    source: rows(sourceRows),
    target: rows(targetRows),
    w: normal([3, 1]),
    reversal: tensorFrom('float32', [], [LAMBDA]),
    ws: tensorFrom(
      'float32',
      [sourceRows],
      Array.from({ length: sourceRows }, (_, i) => 0.5 + i),
    ),
    wt: tensorFrom(
      'float32',
      [targetRows],
      Array.from({ length: targetRows }, (_, i) => 2 - 0.3 * i),
    ),
  }
}

const scores = (rows: Rows, name: string, weights: Rows = rows) =>
  rows[name]!.map((row) =>
    dot(
      row,
      weights.w!.map(([w]) => w!),
    ),
  )
const asSource = (z: number) => -Math.log(sigmoid(z))
const asTarget = (z: number) => -Math.log(1 - sigmoid(z))
const ones = (rows: readonly unknown[]) => rows.map(() => 1)

const cases = [
  [3, 5, 'random'],
  [1, 1, 'random'],
  [2, 1, 'random'],
  [4, 2, 'identical'],
  [2, 3, 'zeros'],
] as const

describe.each(cases)('of %i and %i rows (%s)', (n, m, kind) => {
  const inputs = inputsOf(n, m, kind)

  it.each([false, true])(
    'the adversarial loss is its formula, its gradient reversed (weighted: %s)',
    async (weighted) => {
      const check = await checkFragment(runtime, {
        inputs,
        build: (graph) =>
          domainAdversarial(
            graph,
            { source: 'source', target: 'target' },
            {
              discriminator: linear(graph),
              reversal: 'reversal',
              ...(weighted ? { weights: { source: 'ws', target: 'wt' } } : {}),
            },
          ),
        formula(at) {
          const [ws, wt] = weighted ? [at.ws![0]!, at.wt![0]!] : [ones(at.source!), ones(at.target!)]
          const source = scores(at, 'source').map((z, i) => ws[i]! * asSource(z))
          return mean(source) + mean(scores(at, 'target').map((z, i) => wt[i]! * asTarget(z)))
        },
        by: { source: -LAMBDA, target: -LAMBDA, w: 1 },
      })
      expect(check.exact).toBeLessThan(1e-6)
      expect(check.run).toBeLessThan(1e-5)
    },
  )

  it('ADDA’s losses reach the discriminator and the target’s features each by its own', async () => {
    const check = await checkFragment(runtime, {
      inputs,
      build(graph) {
        const losses = adda(graph, { source: 'source', target: 'target' }, linear(graph))
        return graph.node('Add', [losses.discriminator, losses.encoder])
      },
      formula: (at, held) =>
        mean(scores(held, 'source', at).map(asSource)) +
        mean(scores(held, 'target', at).map(asTarget)) +
        mean(scores(at, 'target', held).map(asSource)),
      by: { source: 1, target: 1, w: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
    expect(Math.hypot(...check.gradients.source!)).toBe(0)
  })

  it('domain confusion asks features for scores of 0, and the discriminator for the domains', async () => {
    const even = (z: number) => (asSource(z) + asTarget(z)) / 2
    const check = await checkFragment(runtime, {
      inputs,
      build(graph) {
        const losses = domainConfusion(graph, { source: 'source', target: 'target' }, linear(graph))
        return graph.node('Add', [losses.discriminator, losses.confusion])
      },
      formula: (at, held) =>
        mean(scores(held, 'source', at).map(asSource)) +
        mean(scores(held, 'target', at).map(asTarget)) +
        mean(scores(at, 'source', held).map(even)) +
        mean(scores(at, 'target', held).map(even)),
      by: { source: 1, target: 1, w: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })
})

it('stays finite where the discriminator is sure of the wrong domain', async () => {
  const wide = { ...inputsOf(1, 1, 'random'), source: tensorFrom('float32', [1, 3], [-1e4, 0, 0]) }
  const inputs = {
    ...wide,
    w: tensorFrom('float32', [3, 1], [1, 0, 0]),
    target: tensorFrom('float32', [1, 3], [1e4, 0, 0]),
  }
  const check = await checkFragment(runtime, {
    inputs,
    build: (graph) =>
      domainAdversarial(
        graph,
        { source: 'source', target: 'target' },
        { discriminator: linear(graph), reversal: 'reversal' },
      ),
    formula: (at) => at.target![0]![0]! - at.source![0]![0]!,
    by: { source: -LAMBDA, target: -LAMBDA },
  })
  expect(check.value).toBe(2e4)
  expect(check.run).toBeLessThan(1e-5)
})

it('draws different reversals from a scalar of the step', async () => {
  const random = seededRandom(4)
  for (const factor of [0, random.uniform(), 3]) {
    const inputs = { ...inputsOf(2, 3, 'random'), reversal: tensorFrom('float32', [], [factor]) }
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) =>
        domainAdversarial(
          graph,
          { source: 'source', target: 'target' },
          { discriminator: linear(graph), reversal: 'reversal' },
        ),
      formula: (at) => mean(scores(at, 'source').map(asSource)) + mean(scores(at, 'target').map(asTarget)),
      by: { source: -Math.fround(factor), target: -Math.fround(factor), w: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
  }
})
