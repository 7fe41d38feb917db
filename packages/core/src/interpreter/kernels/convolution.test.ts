import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Sizes, a kernel that fits in them, and attributes for windows, each there or not. */
function windows(draw: Draws) {
  const rank = draw.pick([1, 2, 2, 3])
  const kernel = draw.several(rank, 1, 3)
  const autoPad = draw.pick(['none', 'none', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'])
  const padded = !autoPad.startsWith('SAME')
  const dilations = draw.several(rank, 1, padded ? 3 : 1)
  const sizes = kernel.map((each, axis) => (each - 1) * dilations[axis] + draw.between(1, 6))
  const attributes: Record<string, Attribute> = {
    ...(draw.chance(0.5) ? { kernel_shape: ints(kernel) } : {}),
    ...(draw.chance(0.7) ? { strides: ints(draw.several(rank, 1, 3)) } : {}),
    ...(dilations.some((each) => each > 1) ? { dilations: ints(dilations) } : {}),
    ...(autoPad === 'none' ? {} : { auto_pad: text(autoPad) }),
    ...(['none', 'NOTSET'].includes(autoPad) && draw.chance(0.7) ? { pads: ints(draw.several(2 * rank, 0, 2)) } : {}),
  }
  return { kernel, sizes, attributes }
}

describe('Conv', () => {
  it('agrees with ONNX Runtime along one to three axes', async () => {
    const draw = draws(1)
    for (let i = 0; i < 150; i++) {
      const { kernel, sizes, attributes } = windows(draw)
      const groups = draw.pick([1, 1, 2, 3])
      const [depth, perGroup] = draw.several(2, 1, 3)
      const inputs = [
        draw.normal([draw.between(1, 2), groups * depth, ...sizes]),
        draw.normal([groups * perGroup, depth, ...kernel]),
        ...(draw.chance(0.5) ? [draw.normal([groups * perGroup])] : []),
      ]
      const all = groups === 1 && draw.chance(0.5) ? attributes : { ...attributes, group: int(groups) }
      const example = oneNode('Conv', inputs, all, { opset: draw.pick([7, 11, 17, 22]) })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('agrees where all channels do not fit into one product', async () => {
    const draw = draws(2)
    const inputs = [draw.normal([1, 16, 250, 250]), draw.normal([2, 16, 3, 3])]
    const example = oneNode('Conv', inputs, { pads: ints([1, 1, 1, 1]) })
    expect(await disagreements(runtime, example, 1e-4)).toEqual([])
  })

  it('names the node whose shapes do not fit', () => {
    const draw = draws(3)
    const run = (x: number[], filters: number[], attributes: Record<string, Attribute> = {}) => {
      const { model, inputs } = oneNode('Conv', [draw.normal(x), draw.normal(filters)], attributes)
      return () => interpret(model, inputs)
    }
    expect(run([1, 3, 4], [2, 2, 1])).toThrow('Conv "node" cannot apply filters [2, 2, 1] to [1, 3, 4] in 1 groups')
    expect(run([1, 2, 4], [3, 1, 1], { group: int(2) })).toThrow('in 2 groups')
    expect(run([1, 3, 4], [2, 3, 5])).toThrow('Conv "node" has windows of 5 over 4 places: none fits')
    expect(run([1, 3, 4], [2, 3, 1, 1])).toThrow('Conv "node" has a kernel of 2 axes over 1')
    expect(run([1, 3, 4], [2, 3, 1], { pads: ints([1, 1, 1, 1]) })).toThrow('needs axes to move along')
  })
})
