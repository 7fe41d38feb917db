import { afterAll, expect, it } from 'vitest'
import { nodeRuntime, type Tensors } from '../../../runtime/index.ts'
import { rowOf, seededRandom } from '../../../tensor/index.ts'
import { largestDifference } from '../../../testing/matrices.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { freshMlp } from '../network/fresh-network.ts'
import { deepSettings } from '../settings.ts'
import { trainDeep } from '../train-deep.ts'
import { deepProblem } from './deep-problem.ts'
import type { NetworkValues } from './network-outputs.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domain = (seed: number) => shiftedClasses({ rows: 40, features: 3, classes: 2, apart: 3, shift: 0, seed })
const { labels: _, ...target } = domain(2)
const problem = deepProblem({
  task: { kind: 'classification', classes: ['a', 'b'] },
  sources: [domain(1)],
  target,
})
const network = freshMlp({ features: 3, outputs: 2, random: seededRandom(1), normalised: false }, [8])
const settings = Object.fromEntries(
  Object.entries(deepSettings).map(([name, setting]) => [name, setting.parse(undefined)]),
) as Parameters<typeof trainDeep>[0]['settings']

it('shows a stage that trains a part the other part as earlier stages left it', async () => {
  const seen: { readonly values: NetworkValues; readonly weights: Tensors }[] = []
  const { weights } = await trainDeep({
    runtime,
    problem,
    network,
    settings: { ...settings, epochs: 3, learningRate: 0.05 },
    random: seededRandom(3),
    hooks: { watch: false },
    stages: [
      { name: 'source', uses: 'source' },
      {
        trains: ['body'],
        async inputs({ network: now, weights: given }) {
          seen.push({ values: await now.on(problem.target), weights: given })
          return {}
        },
      },
    ],
  })
  const { weight, bias } = network.head
  const first = network.model.graph.initializers.get(weight)!.data as Float32Array
  expect([...(weights[weight]!.data as Float32Array)]).not.toEqual([...first])
  for (const { weights: given } of seen) {
    expect(given[weight]).toEqual(weights[weight])
    expect(given[bias]).toEqual(weights[bias])
  }
  const [w, b] = [weight, bias].map((name) => weights[name]!.data as Float32Array)
  for (const { values } of seen) {
    const { features, logits } = values
    for (let i = 0; i < logits.rows; i++) {
      const row = rowOf(features, i)
      const expected = Array.from(b!, (start, c) => row.reduce((sum, x, j) => sum + x * w![c * row.length + j]!, start))
      expect(largestDifference(rowOf(logits, i), expected)).toBeLessThan(1e-4)
    }
  }
})
