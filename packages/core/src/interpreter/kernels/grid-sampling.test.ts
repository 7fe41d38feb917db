import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('GridSample', () => {
  it.each(['nearest', 'linear', 'cubic'])('agrees with ONNX Runtime, mode %s', async (mode) => {
    const draw = draws(1)
    for (let i = 0; i < 80; i++) {
      const old = draw.chance(0.5)
      const rank = old || mode === 'cubic' ? 2 : draw.pick([2, 3])
      const name = old && mode !== 'nearest' ? `bi${mode}` : mode
      const attributes: Record<string, Attribute> = {
        ...(mode === 'linear' && draw.chance(0.3) ? {} : { mode: text(name) }),
        ...(draw.chance(0.2) ? {} : { padding_mode: text(draw.pick(['zeros', 'border', 'reflection'])) }),
        ...(draw.chance(0.5) ? { align_corners: int(1) } : {}),
      }
      const batch = draw.between(1, 2)
      const x = draw.normal([batch, draw.between(1, 2), ...draw.several(rank, 2, 5)])
      const grid = draw.uniform([batch, ...draw.several(rank, 1, 5), rank], -2.5, 2.5)
      const example = oneNode('GridSample', [x, grid], attributes, { opset: old ? 16 : draw.pick([20, 22]) })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })

  it('names the node with shapes and attributes that it cannot have', () => {
    const draw = draws(2)
    const run = (grid: number[], attributes: Record<string, Attribute>) => {
      const { model, inputs } = oneNode('GridSample', [draw.normal([1, 1, 3, 3]), draw.normal(grid)], attributes)
      return () => interpret(model, inputs)
    }
    expect(run([1, 2, 2, 3], {})).toThrow('GridSample "node" cannot read [1, 1, 3, 3] at [1, 2, 2, 3]')
    expect(run([1, 2, 2, 2], { mode: text('best') })).toThrow('unknown mode "best"')
    expect(run([1, 2, 2, 2], { padding_mode: text('best') })).toThrow('unknown padding_mode "best"')
  })
})
