import { afterAll, describe, expect, it } from 'vitest'
import { int, type Model } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, sizeOf, type Tensor, tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'
import { differentiate, gradientName } from '../differentiate.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const check = async (example: Example) => expect(await wrongGradients(runtime, example)).toEqual([])

const floats = (draw: Draws, dims: readonly number[]): Tensor => draw.normal(dims, draw.pick(['float32', 'float64']))
const scalar = (value: number): Tensor => tensor('int64', [], BigInt64Array.of(BigInt(value)))

describe('CumSum', () => {
  it('passes the gradient in both directions, exclusive or not', async () => {
    const draw = draws(1)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 5)
      const axis = scalar(draw.between(-dims.length, dims.length - 1))
      const attributes = { exclusive: int(draw.between(0, 1)), reverse: int(draw.between(0, 1)) }
      await check(
        oneNode('CumSum', [floats(draw, dims), axis], attributes, { opset: 18, stored: draw.pick([[1], []]) }),
      )
    }
  })
})

describe('Trilu', () => {
  it('passes the gradient of either triangle', async () => {
    const draw = draws(2)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(2, 4), 1, 5)
      const k = draw.chance(0.7) ? [scalar(draw.between(-4, 4))] : []
      const attributes = draw.chance(0.3) ? {} : { upper: int(draw.between(0, 1)) }
      await check(oneNode('Trilu', [floats(draw, dims), ...k], attributes, { opset: 18 }))
    }
  })
})

describe('ReverseSequence', () => {
  it('passes the gradient of reversed steps', async () => {
    const draw = draws(3)
    for (let i = 0; i < 30; i++) {
      const dims = draw.several(draw.between(2, 4), 1, 5)
      const [batch, time] = draw.pick([
        [0, 1],
        [1, 0],
      ]) as [number, number]
      const lengths = integerTensor(draw.several(dims[batch]!, 1, dims[time]!))
      const attributes = { batch_axis: int(batch), time_axis: int(time) }
      await check(oneNode('ReverseSequence', [floats(draw, dims), lengths], attributes, { opset: 18 }))
    }
  })
})

describe('TopK', () => {
  it('passes the gradient of the values to where they came from', async () => {
    const draw = draws(4)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 6)
      const axis = draw.between(-dims.length, dims.length - 1)
      // Numbers that lie apart, so that their order does not change under small differences.
      const order = Array.from(draw.random.permutation(sizeOf(dims)), (place) => place / 2 + 0.3)
      const x = tensor('float32', dims, Float32Array.from(order))
      const k = integerTensor([draw.between(1, dims.at(axis)!)])
      const attributes = { axis: int(axis), largest: int(draw.between(0, 1)) }
      await check(oneNode('TopK', [x, k], attributes, { opset: 18, outputs: 2, stored: draw.pick([[1], []]) }))
    }
  })
})

describe('Dropout', () => {
  it('is the identity outside training', async () => {
    const draw = draws(5)
    const ratio = tensor('float32', [], Float32Array.of(0.4))
    const off = tensor('bool', [], Uint8Array.of(0))
    for (const inputs of [[], [ratio], [ratio, off], [undefined, off]]) {
      await check(oneNode('Dropout', [floats(draw, [3, 4]), ...inputs], {}, { opset: 18, stored: [1, 2] }))
    }
  })

  it('passes the gradient through its mask in training', async () => {
    const draw = draws(6)
    const on = tensor('bool', [], Uint8Array.of(1))
    for (const type of ['float32', 'float64'] as const) {
      for (const ratio of [undefined, 0.4, 0.75, 0]) {
        for (const stored of [[1, 2], [1], [2], []]) {
          const rate = ratio === undefined ? undefined : tensor('float32', [], Float32Array.of(ratio))
          const x = draw.normal([40, 5], type)
          const example = oneNode('Dropout', [x, rate, on], {}, { opset: 18, outputs: 2, stored })
          const { mask, gradient } = await throughDropout(example)
          const kept = mask.filter((keeps) => keeps === 1).length
          expect(Math.abs(kept / 200 - (1 - (ratio ?? 0.5)))).toBeLessThan(0.2)
          gradient.forEach((g, i) => void expect(g).toBeCloseTo((i * mask[i]!) / (1 - (ratio ?? 0.5)), 3))
        }
      }
    }
  })

  it('asks for the mask', async () => {
    const inputs = [draws(8).normal([4]), undefined, tensor('bool', [], Uint8Array.of(1))]
    const example = oneNode('Dropout', inputs, {}, { opset: 18, stored: [2] })
    await expect(throughDropout(example)).rejects.toThrow(
      'Dropout "node" is in training mode without its second output',
    )
  })
})

/** The mask that ONNX Runtime drew, and the gradient of `Σ i yᵢ` in the same run. */
async function throughDropout({ model, inputs }: Example): Promise<{ mask: number[]; gradient: number[] }> {
  const x = inputs.input_0!
  const weights = Array.from({ length: sizeOf(x.dims) }, (_, i) => i)
  const node = (op: string, names: string[], output: string) => ({
    op,
    domain: '',
    name: output,
    inputs: names,
    outputs: [output],
    attributes: {},
  })
  const graph: Model['graph'] = {
    ...model.graph,
    nodes: [
      ...model.graph.nodes,
      node('Mul', ['output_0', 'weights'], 'weighted'),
      { ...node('ReduceSum', ['weighted'], 'loss'), attributes: { keepdims: int(0) } },
    ],
    outputs: [{ name: 'loss' }],
    initializers: new Map([
      ...model.graph.initializers,
      [
        'weights',
        x.type === 'float64'
          ? tensor('float64', x.dims, Float64Array.from(weights))
          : tensor('float32', x.dims, Float32Array.from(weights)),
      ],
    ]),
  }
  const request = { loss: 'loss', parameters: ['input_0'], inputs }
  const whole = await differentiate(runtime, { ...model, graph }, request)
  const watched = { ...whole, graph: { ...whole.graph, outputs: [...whole.graph.outputs, { name: 'output_1' }] } }
  const needed = whole.graph.inputs.map(({ name }) => [name, inputs[name]!])
  const results = await runtime.run(watched, Object.fromEntries(needed))
  const numbers = (name: string): number[] => Array.from(results[name]!.data as ArrayLike<number>, Number)
  return { mask: numbers('output_1'), gradient: numbers(gradientName('input_0')) }
}
