import { afterAll, expect, it } from 'vitest'
import { mlp } from '../networks/index.ts'
import { graphBuilder } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { tune } from './tune.ts'
import type { TuneRequest } from './tune-request.ts'
import { request, taskRows } from './tuning-problem.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const model = mlp({ inputs: 6, hidden: [8, 4], classes: 4, random: seededRandom(1) })
const fault = (change: Partial<TuneRequest>) =>
  tune(request(runtime, model, change)).then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  )

/** Features without a classifier on top. */
function headless() {
  const graph = graphBuilder()
  const x = graph.input('x', 'float32', ['N', 6])
  const weight = graph.constant({ type: 'float32', dims: [6, 3], data: new Float32Array(18).fill(0.1) }, 'w')
  graph.output('features', graph.node('Relu', [graph.node('MatMul', [x, weight])]), 'float32', ['N', 3])
  return graph.model()
}

it('refuses rows of one class', async () => {
  const { fetch } = taskRows('new', 8)
  const training = { rows: 8, labels: new Int32Array(8), fetch }
  expect(await fault({ training })).toMatch(/^InvalidInputError: the training rows have 1 class: give two or more/)
})

it('refuses depths that the network does not have', async () => {
  for (const reuse of [3, -1, 1.5]) {
    expect(await fault({ reuse })).toMatch(
      /^InvalidInputError: the network has 2 blocks to keep: "reuse" is a whole number from 0 to 2, or "auto", got/,
    )
  }
})

it('refuses epochs that are no whole number of one or more', async () => {
  for (const epochs of [0, -1, 2.5, Number.NaN])
    expect(await fault({ epochs })).toMatch(/whole number of 1 or more, got/)
})

it('names the nearest strategy and the nearest setting', async () => {
  expect(await fault({ strategy: 'l2sp' })).toMatch(/^InvalidInputError: .*"l2sp".*"l2-sp"/)
  expect(await fault({ settings: { learningrate: 1 } })).toMatch(/^InvalidInputError: .*"learningrate".*"learningRate"/)
  expect(await fault({ strategy: 'l2-sp', options: { alhpa: 1 } })).toMatch(/^InvalidInputError: .*"alhpa".*"alpha"/)
  expect(await fault({ settings: { learningRate: -1 } })).toMatch(/^InvalidInputError: .*learningRate/)
})

it('tells strategies what they lack', async () => {
  expect(await fault({ strategy: 'stoch-norm' })).toMatch(/"stoch-norm" works on batch normalisation/)
  for (const strategy of ['lwf', 'co-tuning']) {
    expect(await fault({ model: headless(), strategy })).toMatch(
      /InvalidInputError: .* needs the classifier that the network came with/,
    )
    expect(await fault({ strategy, settings: { rest: 'afresh' } })).toMatch(/which a rest that starts afresh forgets/)
  }
  const oldTask = taskRows('old', 20)
  expect(await fault({ model: headless(), oldTask })).toMatch(/what is remembered needs the classifier/)
  expect(await fault({ oldOutput: 'x' })).toMatch(/no classifier "x" on top of .*"logits"/)
  expect(await fault({ model: headless(), strategy: 'head', epochs: 1 })).toBe('none')
})
