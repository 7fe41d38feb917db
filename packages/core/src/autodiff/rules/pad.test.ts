import { afterAll, describe, expect, it } from 'vitest'
import { text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { draws } from '../../testing/draws.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'
import { borders, runsOf } from './pad-sources.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const check = async (example: Example, by?: readonly string[]) =>
  expect(await wrongGradients(runtime, example, by)).toEqual([])

describe('Pad', () => {
  it('passes the gradient by data and by the constant, negative pads among them', async () => {
    const draw = draws(1)
    for (let i = 0; i < 50; i++) {
      const dims = draw.several(draw.between(1, 4), 3, 6)
      const type = draw.pick(['float32', 'float64'] as const)
      const axes = Array.from(draw.random.permutation(dims.length)).slice(0, draw.between(1, dims.length))
      const all = draw.chance(0.5)
      const widths = draw.several(2 * (all ? dims.length : axes.length), -1, 3)
      const signed = axes.map((axis) => draw.pick([axis, axis - dims.length]))
      const inputs = [
        draw.normal(dims, type),
        integerTensor(widths),
        draw.chance(0.5) ? draw.normal([], type) : undefined,
        ...(all ? [] : [integerTensor(signed)]),
      ]
      const only = inputs[2] !== undefined && draw.chance(0.3) ? ['input_2'] : undefined
      await check(oneNode('Pad', inputs, {}, { opset: 18, stored: [1, 3] }), only)
    }
  })

  it('adds up what borders show', async () => {
    const draw = draws(2)
    for (let i = 0; i < 60; i++) {
      const dims = draw.several(draw.between(1, 4), 2, 6)
      const mode = draw.pick(['reflect', 'edge', 'wrap'])
      const widths = [...dims, ...dims].map((dim) => draw.between(0, mode === 'edge' ? 3 : dim - 1))
      const x = draw.normal(dims, draw.pick(['float32', 'float64']))
      const opset = mode === 'wrap' ? 19 : 18
      await check(oneNode('Pad', [x, integerTensor(widths)], { mode: text(mode) }, { opset, stored: [1] }))
    }
  })

  it('cuts before it repeats', async () => {
    const draw = draws(3)
    for (let i = 0; i < 20; i++) {
      const pads = integerTensor([0, draw.between(-2, 2), draw.between(-1, 1), draw.between(-2, 2)])
      const example = oneNode('Pad', [draw.normal([2, 7]), pads], { mode: text('edge') }, { opset: 18, stored: [1] })
      await check(example)
    }
  })

  it('refuses pads that are computed from data', async () => {
    const inputs = [tensor('float32', [2], Float32Array.of(1, 2)), integerTensor([1, 1])]
    const example = oneNode('Pad', inputs, {}, { opset: 18 })
    await expect(checkGradient(runtime, example)).rejects.toThrow('Pad "node" computes its pads from data')
  })
})

describe('runsOf', () => {
  it('takes a reflected axis apart into three runs', () => {
    expect(runsOf(5, 2, 1, borders.reflect!)).toEqual([
      { start: 0, count: 3, first: 2, step: -1 },
      { start: 3, count: 4, first: 1, step: 1 },
      { start: 7, count: 1, first: 3, step: 1 },
    ])
  })

  it('takes an axis with repeated edges apart into three runs', () => {
    expect(runsOf(3, 2, 2, borders.edge!).map(({ count, step }) => [count, step])).toEqual([
      [3, 0],
      [2, 1],
      [2, 0],
    ])
  })
})
