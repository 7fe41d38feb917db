import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const oneOf = (draw: Draws, present: number, name: string, attribute: Attribute): Record<string, Attribute> =>
  draw.chance(present) ? { [name]: attribute } : {}

/** Sizes, a kernel, and attributes of which each is there or not, such that something is left to compute. */
function windows(draw: Draws) {
  const rank = draw.pick([1, 2, 2, 3])
  const autoPad = draw.pick(['none', 'none', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'])
  const same = autoPad.startsWith('SAME')
  const strides = draw.several(rank, 1, 3)
  // ONNX Runtime does not widen a result that is too short for SAME, as it is with strides beyond the kernel.
  const kernel = strides.map((stride) => draw.between(same ? stride : 1, 3))
  const dilations = draw.several(rank, 1, same ? 1 : 3)
  const extra = strides.map((stride) => draw.between(0, stride - 1))
  const sizes = draw.several(rank, 2, 5)
  const full = sizes.map((n, i) => strides[i] * (n - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1)
  const begin = full.map((length) => draw.between(0, Math.min(2, length - 1)))
  const end = full.map((length, axis) => draw.between(0, Math.min(2, length - 1 - begin[axis])))
  const free = ['none', 'NOTSET'].includes(autoPad)
  const wanted = draw.chance(0.3)
  const attributes: Record<string, Attribute> = {
    strides: ints(strides),
    dilations: ints(dilations),
    output_padding: ints(extra),
    ...oneOf(draw, 0.5, 'kernel_shape', ints(kernel)),
    ...(autoPad === 'none' ? {} : { auto_pad: text(autoPad) }),
    ...(free && !wanted ? oneOf(draw, 0.7, 'pads', ints([...begin, ...end])) : {}),
    ...(free && wanted ? { output_shape: ints(full.map((n, axis) => n - begin[axis] - end[axis])) } : {}),
  }
  for (const name of ['strides', 'dilations', 'output_padding']) {
    const found = attributes[name]
    const usual = name === 'output_padding' ? 0 : 1
    if (found?.type === 'ints' && found.value.every((each) => each === usual)) delete attributes[name]
  }
  return { kernel, sizes, attributes }
}

describe('ConvTranspose', () => {
  it('agrees with ONNX Runtime along one to three axes', async () => {
    const draw = draws(1)
    for (let i = 0; i < 250; i++) {
      const { kernel, sizes, attributes } = windows(draw)
      const groups = draw.pick([1, 1, 2, 3])
      const [depth, perGroup] = draw.several(2, 1, 3)
      const inputs = [
        draw.normal([draw.between(1, 2), groups * depth, ...sizes]),
        draw.normal([groups * depth, perGroup, ...kernel]),
        ...(draw.chance(0.5) ? [draw.normal([groups * perGroup])] : []),
      ]
      const all = groups === 1 ? attributes : { ...attributes, group: int(groups) }
      const example = oneNode('ConvTranspose', inputs, all, { opset: draw.pick([7, 11, 17, 22]) })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('has the length that SAME promises, with zeros where no window reaches', () => {
    const ones = { type: 'float32', dims: [1, 1, 2], data: Float32Array.of(1, 2) } as const
    const one = { type: 'float32', dims: [1, 1, 1], data: Float32Array.of(1) } as const
    const { model, inputs } = oneNode('ConvTranspose', [ones, one], {
      strides: ints([3]),
      auto_pad: text('SAME_UPPER'),
    })
    const result = interpret(model, inputs).values.get('output_0')!
    expect(result.dims).toEqual([1, 1, 6])
    expect(Array.from(result.data)).toEqual([0, 1, 0, 0, 2, 0])
  })

  it('is the adjoint of the convolution', () => {
    const draw = draws(2)
    const attributes = { strides: ints([2, 3]), pads: ints([1, 0, 2, 1]), group: int(2) }
    const run = (op: string, inputs: Parameters<typeof oneNode>[1], more = {}) => {
      const example = oneNode(op, inputs, { ...attributes, ...more })
      return interpret(example.model, example.inputs).values.get('output_0')!
    }
    const [x, filters] = [draw.normal([2, 4, 7, 9]), draw.normal([6, 2, 2, 3])]
    const y = run('Conv', [x, filters])
    const u = draw.normal(y.dims, 'float64')
    const back = run('ConvTranspose', [u, filters], { output_padding: ints([0, 1]) })
    expect(sizeOf(back.dims)).toBe(x.data.length)
    const inner = (a: ArrayLike<unknown>, b: Float64Array) => b.reduce((sum, each, i) => sum + each * Number(a[i]), 0)
    expect(inner(u.data, y.data)).toBeCloseTo(inner(x.data, back.data), 10)
  })
})
