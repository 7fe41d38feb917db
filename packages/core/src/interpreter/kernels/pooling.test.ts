import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, sizeOf } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Sizes and attributes of windows that fit, with every attribute there or not. */
function windows(draw: Draws, { ceil, dilate }: { ceil: boolean; dilate: boolean }) {
  const rank = draw.pick([1, 2, 2, 3])
  const kernel = draw.several(rank, 1, 3)
  const autoPad = draw.pick(['none', 'none', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'])
  // ONNX Runtime refuses to pool what no window reaches, as SAME leaves it with strides beyond the kernel.
  const strides = kernel.map((each) => draw.between(1, autoPad.startsWith('SAME') ? each : 3))
  const free = ['none', 'NOTSET'].includes(autoPad)
  const dilations = draw.several(rank, 1, dilate && free ? 2 : 1)
  const sizes = kernel.map((each, axis) => (each - 1) * dilations[axis] + draw.between(1, 6))
  const pads = [...kernel, ...kernel].map((each) => draw.between(0, each - 1))
  const attributes: Record<string, Attribute> = {
    kernel_shape: ints(kernel),
    ...(strides.some((each) => each > 1) ? { strides: ints(strides) } : {}),
    ...(dilations.some((each) => each > 1) ? { dilations: ints(dilations) } : {}),
    ...(autoPad === 'none' ? {} : { auto_pad: text(autoPad) }),
    ...(free && draw.chance(0.7) ? { pads: ints(pads) } : {}),
    ...(ceil && free && draw.chance(0.5) ? { ceil_mode: int(1) } : {}),
  }
  return { dims: [draw.between(1, 2), draw.between(1, 3), ...sizes], attributes }
}

describe('MaxPool', () => {
  it('agrees with ONNX Runtime, places included', async () => {
    const draw = draws(1)
    for (let i = 0; i < 200; i++) {
      const opset = draw.pick([7, 8, 10, 11, 12, 17, 22])
      const { dims, attributes } = windows(draw, { ceil: opset >= 10, dilate: opset >= 10 })
      const ordered = opset >= 8 && draw.chance(0.3) ? { storage_order: int(1) } : {}
      const outputs = opset >= 8 ? 2 : 1
      const example = oneNode('MaxPool', [draw.normal(dims)], { ...attributes, ...ordered }, { opset, outputs })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('takes the first of equal numbers', () => {
    const x = { type: 'float32', dims: [1, 1, 4], data: Float32Array.of(2, 2, 1, 2) } as const
    const { model, inputs } = oneNode('MaxPool', [x], { kernel_shape: ints([3]) }, { outputs: 2 })
    expect(Array.from(interpret(model, inputs).values.get('output_1')!.data)).toEqual([0, 1])
  })
})

describe('MaxUnpool', () => {
  it('agrees with ONNX Runtime, with the shape given or not', async () => {
    const draw = draws(7)
    for (let i = 0; i < 100; i++) {
      const rank = draw.between(1, 3)
      const [kernel, steps] = [draw.several(rank, 1, 3), draw.several(rank, 1, 3)]
      const strides = kernel.map((k, axis) => Math.max(k, steps[axis]!))
      const dims = [draw.between(1, 2), draw.between(1, 3), ...draw.several(rank, 1, 3)]
      const shape = dims.map((dim, axis) => (axis < 2 ? dim : (dim - 1) * strides[axis - 2]! + kernel[axis - 2]!))
      const places = draw.random.permutation(sizeOf(shape)).slice(0, sizeOf(dims))
      const indices = { type: 'int64', dims, data: BigInt64Array.from(places, BigInt) } as const
      const given = draw.chance(0.5) ? [integerTensor(shape)] : []
      const attributes = { kernel_shape: ints(kernel), strides: ints(strides) }
      const example = oneNode('MaxUnpool', [draw.normal(dims), indices, ...given], attributes, {
        opset: draw.pick([11, 17, 22]),
      })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })
})

describe('AveragePool', () => {
  it('agrees with ONNX Runtime, padding counted or not', async () => {
    const draw = draws(2)
    for (let i = 0; i < 300; i++) {
      const opset = draw.pick([7, 10, 11, 17, 19, 22])
      const { dims, attributes } = windows(draw, { ceil: opset >= 10, dilate: opset >= 19 })
      const counted = draw.chance(0.5) ? { count_include_pad: int(1) } : {}
      const example = oneNode('AveragePool', [draw.normal(dims)], { ...attributes, ...counted }, { opset })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })
})

describe('LpPool', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(3)
    for (let i = 0; i < 150; i++) {
      const opset = draw.pick([7, 11, 17, 18, 22])
      const { dims, attributes } = windows(draw, { ceil: opset >= 18, dilate: opset >= 18 })
      const p = draw.chance(0.7) ? { p: int(draw.between(1, 3)) } : {}
      const example = oneNode('LpPool', [draw.normal(dims)], { ...attributes, ...p }, { opset })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })
})

describe('global pooling', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(4)
    for (let i = 0; i < 30; i++) {
      const x = draw.normal(draw.several(draw.between(3, 5), 1, 4))
      const opset = draw.pick([7, 13, 22])
      for (const op of ['GlobalAveragePool', 'GlobalMaxPool']) {
        expect(await disagreements(runtime, oneNode(op, [x], {}, { opset }))).toEqual([])
      }
      const p = draw.chance(0.7) ? { p: int(draw.between(1, 3)) } : {}
      expect(await disagreements(runtime, oneNode('GlobalLpPool', [x], p, { opset: Math.min(opset, 21) }))).toEqual([])
    }
  })
})
