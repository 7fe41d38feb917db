import { afterAll, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrixFromRows, tensor } from '../../../tensor/index.ts'
import { batchLayout } from '../trainer/batch-layout.ts'
import { deepProblem } from '../trainer/deep-problem.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import { transportPlans } from './transport-plans.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const target = { name: 't', features: matrixFromRows([[0], [0]]) }
const sources = [
  { name: 'a', features: matrixFromRows([[0], [0]]), labels: Int32Array.of(1, 0) },
  { name: 'b', features: matrixFromRows([[0]]), labels: Int32Array.of(1) },
]
const problem = deepProblem({ task: { kind: 'classification', classes: ['x', 'y'] }, sources, target })
const layout = batchLayout(problem, 'both', 4)

/** A moment whose network gives these values for the batch: both rows of `a`, that of `b`, both of the target. */
function momentOf(features: Matrix, logits: Matrix): DeepMoment {
  const values = { features, logits, layers: [features] }
  return {
    epoch: 1,
    epochs: 1,
    step: 0,
    steps: 1,
    layout,
    weights: {},
    input: tensor('float32', [5, 1], new Float32Array(5)),
    // The rows of `a` in turned order: labels 0, 1 and 1.
    rows: { sources: [Int32Array.of(1, 0), Int32Array.of(0)], target: Int32Array.of(0, 1), labelled: new Int32Array() },
    network: { problem, on: () => Promise.resolve(values), run: () => Promise.resolve(values) },
  }
}

const even = matrixFromRows([
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
])

it('sends rows to those with features nearby', async () => {
  const features = matrixFromRows([[0], [5], [5], [5], [0]])
  const { dims, data } = await transportPlans(runtime, 2, { alpha: 1, lambda: 1 })(momentOf(features, even))
  expect(dims).toEqual([3, 2])
  const expected = [0, 1 / 3, 1 / 3, 0, 1 / 6, 1 / 6]
  // Of the two rows at 5 one goes whole, of the other a half: only sums are sure.
  expect(data[0]!).toBeCloseTo(0, 6)
  expect(data[1]!).toBeCloseTo(expected[1]!, 6)
  expect(data[2]! + data[4]!).toBeCloseTo(1 / 2, 6)
  expect(data[3]! + data[5]!).toBeCloseTo(1 / 6, 6)
})

it('sends rows to those that the network takes for their class, whichever source they are of', async () => {
  const logits = matrixFromRows([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 9],
    [9, 0],
  ])
  const features = matrixFromRows([[0], [0], [0], [0], [0]])
  const { data } = await transportPlans(runtime, 2, { alpha: 1, lambda: 1 })(momentOf(features, logits))
  expect(data[0]!).toBeCloseTo(0, 6)
  expect(data[1]!).toBeCloseTo(1 / 3, 6)
  expect(data[2]! + data[4]!).toBeCloseTo(1 / 2, 6)
})
