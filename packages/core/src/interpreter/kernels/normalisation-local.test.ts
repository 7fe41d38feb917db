import { afterAll, describe, expect, it } from 'vitest'
import { float, int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('LRN', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(1)
    for (let i = 0; i < 40; i++) {
      const dims = [draw.between(1, 2), draw.between(1, 6), ...draw.several(2, 1, 3)]
      const attributes = {
        size: int(draw.pick([1, 3, 5])),
        ...(draw.chance(0.7) ? { alpha: float(0.4) } : {}),
        ...(draw.chance(0.5) ? { beta: float(0.6) } : {}),
        ...(draw.chance(0.5) ? { bias: float(2) } : {}),
      }
      const example = oneNode('LRN', [draw.normal(dims)], attributes, { opset: draw.pick([7, 13]) })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('looks one further up than down for an even size', () => {
    const x = { type: 'float32', dims: [1, 3, 1], data: Float32Array.of(1, 2, 3) } as const
    const attributes = { size: int(2), alpha: float(2), beta: float(1) }
    const { model, inputs } = oneNode('LRN', [x], attributes)
    const got = interpret(model, inputs).values.get('output_0')!.data
    expect(Array.from(got)).toEqual([1 / 6, 2 / 14, 3 / 10])
  })
})

describe('LpNormalization', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(2)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 4)
      const axis = draw.between(-dims.length, dims.length - 1)
      const attributes = {
        ...(axis === -1 && draw.chance(0.5) ? {} : { axis: int(axis) }),
        ...(draw.chance(0.5) ? { p: int(draw.between(1, 2)) } : {}),
      }
      const type = draw.pick(['float32', 'float64'] as const)
      expect(await disagreements(runtime, oneNode('LpNormalization', [draw.normal(dims, type)], attributes))).toEqual(
        [],
      )
    }
  })

  it('leaves zeros at zero', () => {
    const x = { type: 'float32', dims: [2, 2], data: Float32Array.of(0, 0, 3, 4) } as const
    const { model, inputs } = oneNode('LpNormalization', [x])
    expect(Array.from(interpret(model, inputs).values.get('output_0')!.data)).toEqual([0, 0, 0.6, 0.8])
  })
})
