import { afterAll, describe, expect, it } from 'vitest'
import { float } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { draws, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('passing', () => {
  it('Identity', async () => {
    for (const type of ['float32', 'int64', 'bool'] as const) {
      expect(await disagreements(runtime, oneNode('Identity', [drawTensor(draws(1)[0]!, type, [2, 3])]))).toEqual([])
    }
  })

  it.each([7, 10, 12, 17])('Dropout of opset %i lets everything pass', async (opset) => {
    const x = drawTensor(draws(1)[0]!, 'float32', [2, 3])
    const attributes = opset < 12 ? { ratio: float(0.3) } : {}
    // ONNX says what the mask holds outside training from operator set 12 on.
    const outputs = opset < 12 ? 1 : 2
    expect(await disagreements(runtime, oneNode('Dropout', [x], attributes, { opset, outputs }))).toEqual([])
  })

  it('Dropout in training mode lets everything pass at the ratio 0, and is refused at others', async () => {
    const x = drawTensor(draws(1)[0]!, 'float32', [2, 3])
    const training = tensorFrom('bool', [], [1])
    const none = tensorFrom('float32', [], [0])
    expect(await disagreements(runtime, oneNode('Dropout', [x, none, training], {}, { outputs: 2 }))).toEqual([])
    const { model, inputs } = oneNode('Dropout', [x, undefined, training])
    expect(() => interpret(model, inputs)).toThrow('Dropout "node" is in training mode')
  })
})
