import { afterAll, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, seededRandom } from '../../../tensor/index.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { deepProblem } from '../trainer/deep-problem.ts'
import type { NetworkOutputs } from '../trainer/network-outputs.ts'
import { kernelRenewal } from './kernel-renewal.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const KERNELS = { bandwidth: 'mean', factors: [0.25, 0.5, 1, 2, 4] } as const

/** A network that gives each row times `scale`, and counts how often it is asked. */
function outputs(rows: number, shift: number, scale = 1) {
  const shape = { rows, features: 2, classes: 2, apart: 4 }
  const { labels: _, ...target } = shiftedClasses({ ...shape, shift, seed: 2 })
  const task = { kind: 'classification', classes: ['a', 'b'] } as const
  const sources = [shiftedClasses({ ...shape, shift: 0, seed: 1 })]
  const problem = deepProblem({ task, sources, target })
  const asked: number[] = []
  const network: NetworkOutputs = {
    problem,
    async on({ data, features, rows: all }, only = Int32Array.from({ length: all }, (_, i) => i)) {
      asked.push(only.length)
      const values = matrix(only.length, features)
      only.forEach((row, i) => {
        for (let j = 0; j < features; j++) {
          // Rows of the far half of the domain are scaled alone, so that kernels of another width count.
          values.data[i * features + j] = data[row * features + j]! * (row % 2 === 0 ? 1 : scale)
        }
      })
      return { logits: values, layers: [values], features: values }
    },
    run: () => Promise.reject(new Error('not asked for')),
  }
  return { network, asked }
}

const renewal = (layersOf = ({ features, logits }: { features: Matrix; logits: Matrix }) => [features, logits]) =>
  kernelRenewal({ runtime, random: seededRandom(3), kernels: KERNELS, layersOf })

it('weighs the kernels of each layer, not below zero and of sum 1', async () => {
  const { network } = outputs(200, 0.5)
  const found = await renewal()({ epoch: 1, step: 0, network })
  expect(found).toHaveLength(2)
  for (const weights of found) {
    expect(weights).toHaveLength(5)
    expect(weights.every((value) => value >= 0)).toBe(true)
    expect(weights.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12)
  }
  expect([...found[0]!].some((value) => Math.abs(value - 0.2) > 0.05)).toBe(true)
})

it('weighs anew in each epoch, by the network of its first step', async () => {
  const weigh = renewal()
  const [early, late] = [outputs(200, 0.5), outputs(200, 0.5, 6)]
  const first = await weigh({ epoch: 1, step: 0, network: early.network })
  expect(early.asked).toEqual([200, 200])
  expect(await weigh({ epoch: 1, step: 1, network: late.network })).toEqual(first)
  expect(late.asked).toEqual([])
  const second = await weigh({ epoch: 2, step: 0, network: late.network })
  expect(second).not.toEqual(first)
  // A training that goes on at this epoch finds the same.
  expect(await renewal()({ epoch: 2, step: 0, network: late.network })).toEqual(second)
})

it('does not mind the order of the rows', async () => {
  const { network } = outputs(60, 0.5)
  const { target } = network.problem
  const turned = Float32Array.from(target.data, (_, k) => target.data[(k + 2 * 17) % target.data.length]!)
  const problem = { ...network.problem, target: { ...target, data: turned } }
  const expected = await renewal()({ epoch: 1, step: 0, network })
  const found = await renewal()({ epoch: 1, step: 0, network: { ...network, problem } })
  expect(found).toEqual(expected)
})

it('weighs all alike where there are too few rows for a variance', async () => {
  const [weights] = await renewal()({ epoch: 1, step: 0, network: outputs(3, 0.5).network })
  expect([...weights!]).toEqual([0.2, 0.2, 0.2, 0.2, 0.2])
})
