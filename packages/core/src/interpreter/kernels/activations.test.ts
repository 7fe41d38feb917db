import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

type Attributes = Record<string, Attribute>
const cases: [op: string, opset: number, ...attributes: Attributes[]][] = [
  ['Relu', 7],
  ['Relu', 17],
  ['LeakyRelu', 7, {}, { alpha: float(0.3) }],
  ['LeakyRelu', 16, {}, { alpha: float(-0.2) }],
  ['Elu', 7, {}, { alpha: float(1.7) }],
  ['Selu', 7, {}, { alpha: float(1.2), gamma: float(0.9) }],
  ['Celu', 12, {}, { alpha: float(2.5) }],
  ['Gelu', 20, {}, { approximate: text('none') }, { approximate: text('tanh') }],
  ['Sigmoid', 13],
  ['HardSigmoid', 7, {}, { alpha: float(0.4), beta: float(0.1) }],
  ['HardSwish', 14],
  ['Mish', 18],
  ['Softplus', 7],
  ['Softsign', 7],
  ['Tanh', 7],
  ['ThresholdedRelu', 10, {}, { alpha: float(-0.5) }],
  ['Swish', 24, {}, { alpha: float(1.5) }],
]

describe('activations', () => {
  it.each(cases)('%s of opset %i', async (op, opset, ...settings) => {
    for (const random of draws(4)) {
      const x = drawTensor(random, 'float32', drawDims(random, 0, 3, 6), -8, 8)
      for (const attributes of settings.length === 0 ? [{}] : settings) {
        expect(await disagreements(runtime, oneNode(op, [x], attributes, { opset }))).toEqual([])
      }
    }
  })

  it.each(['Relu', 'Sigmoid', 'Tanh'])('%s in float64, where numbers are large too', async (op) => {
    const x = drawTensor(draws(1)[0]!, 'float64', [50], -600, 600)
    expect(await disagreements(runtime, oneNode(op, [x]))).toEqual([])
  })

  it.each([7, 9, 16])('PRelu of opset %i, its slopes broadcast', async (opset) => {
    for (const random of draws(8)) {
      const dims = drawDims(random, 1, 4)
      const inputs = [drawTensor(random, 'float32', dims), drawTensor(random, 'float32', drawNarrower(random, dims))]
      expect(await disagreements(runtime, oneNode('PRelu', inputs, {}, { opset }))).toEqual([])
    }
  })
})
