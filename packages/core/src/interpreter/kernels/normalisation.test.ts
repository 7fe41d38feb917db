import { afterAll, describe, expect, it } from 'vitest'
import { float, int, ints } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('InstanceNormalization', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(1)
    for (let i = 0; i < 30; i++) {
      const dims = [...draw.several(2, 1, 4), ...draw.several(draw.between(1, 3), 2, 4)]
      const inputs = [draw.normal(dims), draw.normal([dims[1]]), draw.normal([dims[1]])]
      const attributes = draw.chance(0.5) ? { epsilon: float(draw.pick([1e-3, 0.1])) } : {}
      const example = oneNode('InstanceNormalization', inputs, attributes, { opset: draw.pick([7, 17]) })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })
})

describe('GroupNormalization', () => {
  it.each([18, 21])('agrees with ONNX Runtime in operator set %i', async (opset) => {
    const draw = draws(2)
    for (let i = 0; i < 30; i++) {
      const [groups, each] = draw.several(2, 1, 3)
      const dims = [draw.between(1, 3), groups * each, ...draw.several(draw.between(1, 3), 2, 4)]
      const given = opset < 21 ? groups : groups * each
      const inputs = [draw.normal(dims), draw.normal([given]), draw.normal([given])]
      const attributes = { num_groups: int(groups), ...(draw.chance(0.5) ? { epsilon: float(0.01) } : {}) }
      const example = oneNode('GroupNormalization', inputs, attributes, { opset })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })

  it('names the node whose channels do not split', () => {
    const draw = draws(3)
    const inputs = [draw.normal([1, 4, 2]), draw.normal([3]), draw.normal([3])]
    const { model, inputs: fed } = oneNode('GroupNormalization', inputs, { num_groups: int(3) }, { opset: 18 })
    expect(() => interpret(model, fed)).toThrow('GroupNormalization "node" cannot split 4 channels into 3 groups')
  })
})

describe('LayerNormalization', () => {
  it('agrees with ONNX Runtime, all outputs', async () => {
    const draw = draws(4)
    for (let i = 0; i < 60; i++) {
      const dims = draw.several(draw.between(1, 4), 2, 5)
      const axis = draw.between(-dims.length, dims.length - 1)
      const own = dims.slice(axis)
      const inputs = [draw.normal(dims), draw.normal(own), ...(draw.chance(0.5) ? [draw.normal(own)] : [])]
      const attributes = {
        ...(axis === -1 && draw.chance(0.5) ? {} : { axis: int(axis) }),
        ...(draw.chance(0.5) ? { epsilon: float(0.01) } : {}),
      }
      const example = oneNode('LayerNormalization', inputs, attributes, { outputs: draw.pick([1, 3]) })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })
})

describe('RMSNormalization', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(5)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 5)
      const axis = draw.between(-dims.length, dims.length - 1)
      const inputs = [draw.normal(dims), draw.normal(dims.slice(axis))]
      const attributes = {
        ...(axis === -1 && draw.chance(0.5) ? {} : { axis: int(axis) }),
        ...(draw.chance(0.5) ? { epsilon: float(0.01) } : {}),
      }
      expect(await disagreements(runtime, oneNode('RMSNormalization', inputs, attributes, { opset: 23 }))).toEqual([])
    }
  })
})

describe('MeanVarianceNormalization', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(6)
    for (let i = 0; i < 30; i++) {
      const dims = draw.several(4, 2, 4)
      const axes = draw.pick([undefined, [0, 2, 3], [0, 1, 2, 3], [2, 3]])
      const attributes = axes === undefined ? {} : { axes: ints(axes) }
      const example = oneNode('MeanVarianceNormalization', [draw.normal(dims)], attributes, {
        opset: draw.pick([9, 13]),
      })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })
})
