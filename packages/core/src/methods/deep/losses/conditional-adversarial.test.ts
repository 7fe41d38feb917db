import { afterAll, describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, type Rows } from '../../../testing/fragment-check.ts'
import { dot, entropy, mean, sigmoid, softmax, sum } from '../../../testing/plain-softmax.ts'
import { conditionalAdversarial } from './conditional-adversarial.ts'
import { multilinearMap } from './conditioning.ts'
import { integers } from './graph-values.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const LAMBDA = 0.5
const [WIDTH, CLASSES] = [2, 3]

const linear =
  (graph: GraphBuilder) =>
  (rows: Value): Value =>
    graph.node('Squeeze', [graph.node('MatMul', [rows, 'w']), integers(graph, [1])])

/** `f ⊗ g` by explicit loops, and its product with the weights. */
function scores(at: Rows, held: Rows, features: string, logits: string): number[] {
  const w = at.w!.map(([x]) => x!)
  return at[features]!.map((f, i) => {
    const g = softmax(held[logits]![i]!)
    return dot(
      f.flatMap((x) => g.map((y) => x * y)),
      w,
    )
  })
}

function weights(held: Rows, logits: string): number[] {
  const sure = held[logits]!.map((z) => 1 + Math.exp(-entropy(softmax(z))))
  return sure.map((w) => (w * sure.length) / sum(sure))
}

describe.each([
  [3, 5],
  [1, 1],
  [2, 1],
  [1, 4],
])('the conditional adversarial loss of %i and %i rows', (n, m) => {
  const { normal } = draws(n + 10 * m)
  const inputs = {
    fs: normal([n, WIDTH]),
    zs: normal([n, CLASSES]),
    ft: normal([m, WIDTH]),
    zt: normal([m, CLASSES]),
    w: normal([WIDTH * CLASSES, 1]),
    reversal: tensorFrom('float32', [], [LAMBDA]),
  }
  const domains = { source: { features: 'fs', logits: 'zs' }, target: { features: 'ft', logits: 'zt' } }

  it.each([false, true])(
    'is its formula; predictions and weights pass no gradient (weighted: %s)',
    async (weighted) => {
      const check = await checkFragment(runtime, {
        inputs,
        build: (graph) =>
          conditionalAdversarial(graph, domains, {
            discriminator: linear(graph),
            reversal: 'reversal',
            conditioning: { width: WIDTH * CLASSES, join: (f, g) => multilinearMap(graph, f, g) },
            entropyWeights: weighted,
          }),
        formula(at, held) {
          const [s, t] = [scores(at, held, 'fs', 'zs'), scores(at, held, 'ft', 'zt')]
          const [ws, wt] = weighted ? [weights(held, 'zs'), weights(held, 'zt')] : [s.map(() => 1), t.map(() => 1)]
          return (
            mean(s.map((z, i) => -ws[i]! * Math.log(sigmoid(z)))) +
            mean(t.map((z, i) => -wt[i]! * Math.log(sigmoid(-z))))
          )
        },
        by: { fs: -LAMBDA, ft: -LAMBDA, zs: 0, zt: 0, w: 1 },
      })
      expect(check.exact).toBeLessThan(1e-6)
      expect(check.run).toBeLessThan(1e-5)
    },
  )
})

it('weighs a certain row twice as much as one that is uniform over many classes', async () => {
  const { normal } = draws(1)
  const sure = [1000, ...new Array<number>(999).fill(0)]
  const inputs = {
    f: normal([2, 1]),
    z: tensorFrom('float32', [2, 1000], [...sure, ...sure.map(() => 0)]),
    w: tensorFrom('float32', [1, 1], [0]),
    reversal: tensorFrom('float32', [], [1]),
  }
  const check = await checkFragment(runtime, {
    inputs,
    build: (graph) =>
      conditionalAdversarial(
        graph,
        { source: { features: 'f', logits: 'z' }, target: { features: 'f', logits: 'z' } },
        {
          discriminator: (rows) =>
            graph.node('ReduceMax', [rows, integers(graph, [1])], { keepdims: { type: 'int', value: 0 } }),
          reversal: 'reversal',
          conditioning: { width: 1, join: (features) => features },
          entropyWeights: true,
        },
      ),
    formula(at) {
      const [certain, uniform] = [2, 1 + 1 / 1000].map((w, _, all) => (2 * w) / sum(all))
      const loss = (w: number, z: number) => w * (-Math.log(sigmoid(z)) - Math.log(sigmoid(-z)))
      return (loss(certain!, at.f![0]![0]!) + loss(uniform!, at.f![1]![0]!)) / 2
    },
    by: { f: -1 },
  })
  expect(check.exact).toBeLessThan(1e-6)
})
