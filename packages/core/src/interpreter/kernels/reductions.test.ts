import { afterAll, describe, expect, it } from 'vitest'
import { int, ints } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, drawSome, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** The operators, and the type that ONNX Runtime computes them in. */
const operators: [op: string, type: 'float32' | 'float64'][] = [
  ['ReduceSum', 'float64'],
  ['ReduceMean', 'float64'],
  ['ReduceMax', 'float64'],
  ['ReduceMin', 'float64'],
  ['ReduceProd', 'float32'],
  ['ReduceL1', 'float32'],
  ['ReduceL2', 'float32'],
  ['ReduceSumSquare', 'float64'],
  ['ReduceLogSum', 'float64'],
  ['ReduceLogSumExp', 'float64'],
]

describe('reductions', () => {
  it.each(operators)('%s over axes given as an attribute, or over all', async (op, type) => {
    for (const random of draws(12)) {
      const dims = drawDims(random, 1, 4)
      const x = drawTensor(random, type, dims, 0.1, 3)
      const axes = drawSome(random, [...dims.keys()]).map((axis) => axis - dims.length * drawInteger(random, 0, 1))
      const attributes = {
        keepdims: int(drawInteger(random, 0, 1)),
        ...(axes.length === 0 ? {} : { axes: ints(axes) }),
      }
      expect(await disagreements(runtime, oneNode(op, [x], attributes, { opset: 11 }))).toEqual([])
    }
  })

  it.each(operators)('%s over axes given as an input, over all or none', async (op, type) => {
    for (const random of draws(16)) {
      const dims = drawDims(random, 0, 4)
      const x = drawTensor(random, type, dims, 0.1, 3)
      const axes = drawSome(random, [...dims.keys()]).map((axis) => axis - dims.length * drawInteger(random, 0, 1))
      const attributes = {
        keepdims: int(drawInteger(random, 0, 1)),
        noop_with_empty_axes: int(drawInteger(random, 0, 1)),
      }
      const given = axes.length === 0 && random.uniform() < 0.5 ? [] : [integerTensor(axes)]
      expect(await disagreements(runtime, oneNode(op, [x, ...given], attributes, { opset: 18 }))).toEqual([])
    }
  })

  it('ReduceSum takes its axes as an input from opset 13 on', async () => {
    const x = drawTensor(draws(1)[0]!, 'float64', [2, 3, 4])
    expect(await disagreements(runtime, oneNode('ReduceSum', [x, integerTensor([-1, 0])], {}, { opset: 13 }))).toEqual(
      [],
    )
  })

  it.each(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL1'])('%s of whole numbers', async (op) => {
    for (const random of draws(4)) {
      const x = drawTensor(random, 'int32', [3, 5], -9, 9)
      const inputs = op === 'ReduceSum' ? [x, integerTensor([1])] : [x]
      const attributes: Record<string, ReturnType<typeof ints>> = op === 'ReduceSum' ? {} : { axes: ints([1]) }
      expect(await disagreements(runtime, oneNode(op, inputs, attributes))).toEqual([])
    }
  })

  it('ReduceLogSumExp keeps far from overflow and underflow', async () => {
    const x = tensorFrom('float64', [2, 2], [900, 901, -900, -901])
    expect(await disagreements(runtime, oneNode('ReduceLogSumExp', [x], { axes: ints([1]) }))).toEqual([])
  })
})
