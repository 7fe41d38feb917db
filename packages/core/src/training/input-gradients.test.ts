import { afterAll, describe, expect, it } from 'vitest'
import { gradients } from '../autodiff/index.ts'
import { graphBuilder } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { randomTensor } from '../testing/random-tensor.ts'
import { compileStep } from './compile-step.ts'
import { meanSquaredError } from './losses/index.ts'
import { sgd } from './optimisers/index.ts'
import { runStep } from './run-step.ts'
import { withLoss } from './with-loss.ts'

const [x, z, target] = [randomTensor([4, 3], 1), randomTensor([4, 3], 2), randomTensor([4, 2], 3)]

/** `y = tanh(x w)`, and an output that the loss does not see. */
function model() {
  const graph = graphBuilder()
  const product = graph.node('MatMul', [
    graph.input('x', 'float32', x.dims),
    graph.constant(randomTensor([3, 2], 4), 'w'),
  ])
  graph.output('y', graph.node('Tanh', [product]), 'float32', [4, 2])
  graph.output('other', graph.node('Neg', [graph.input('z', 'float32', z.dims)]), 'float32', z.dims)
  return graph.model()
}

describe('gradients by inputs', async () => {
  const runtime = await nodeRuntime()
  afterAll(() => runtime.release())
  const loss = meanSquaredError({ output: 'y' })
  const batch = { x, z, target }
  const moment = { step: 0, learningRate: 0.1 }
  const step = (inputGradients?: string[]) =>
    compileStep(runtime, model(), {
      batch,
      losses: [loss],
      optimiser: sgd(),
      ...(inputGradients === undefined ? {} : { inputGradients }),
    })

  it('come beside the update, which they leave as it is', async () => {
    const [plain, compiled] = [await step(), await step(['x'])]
    const result = await runStep(runtime, compiled, compiled.start, batch, moment)
    const expected = await runStep(runtime, plain, plain.start, batch, moment)
    expect(expected.inputGradients).toEqual({})
    expect(result.state).toEqual(expected.state)
    const request = { loss: 'loss', parameters: ['x'], inputs: batch }
    const { gradients: found } = await gradients(runtime, withLoss(model(), [loss], batch), request)
    expect(result.inputGradients.x).toEqual(found.get('x'))
  })

  it('are refused for an input that the loss does not depend on', async () => {
    await expect(step(['z'])).rejects.toThrow('no value "z"')
  })
})
