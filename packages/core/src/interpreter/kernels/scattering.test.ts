import { afterAll, describe, expect, it } from 'vitest'
import { int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, type Random, sizeOf, type Tensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawInteger, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** The reductions, and the operator set that brought them. */
const reductions: [reduction: string, opset: number][] = [
  ['none', 16],
  ['add', 16],
  ['mul', 16],
  ['max', 18],
  ['min', 18],
]

describe('scattering', () => {
  it.each(reductions)('ScatterElements along any axis, %s', async (reduction, opset) => {
    for (const random of draws(12)) {
      const dims = drawDims(random, 1, 4)
      const axis = drawAxis(random, dims.length)
      const length = dims.at(axis)!
      // Without a reduction no place may be written twice.
      const [written, indices] =
        reduction === 'none'
          ? once(random, dims, axis)
          : repeatedly(
              random,
              dims.map((dim) => drawInteger(random, 1, dim)),
              length,
            )
      const inputs = [drawTensor(random, 'float32', dims), indices, drawTensor(random, 'float32', written)]
      const attributes = { axis: int(axis), reduction: text(reduction) }
      expect(await disagreements(runtime, oneNode('ScatterElements', inputs, attributes, { opset }))).toEqual([])
    }
  })

  it.each([
    ['Scatter', 9],
    ['ScatterElements', 11],
  ])('%s of opset %i', async (op, opset) => {
    const [random] = draws(1)
    const [written, indices] = once(random!, [3, 4], 1)
    const inputs = [drawTensor(random!, 'float32', [3, 4]), indices, drawTensor(random!, 'float32', written)]
    expect(await disagreements(runtime, oneNode(op, inputs, { axis: int(1) }, { opset }))).toEqual([])
  })

  it.each(reductions)('ScatterND of elements and slices, %s', async (reduction, opset) => {
    for (const random of draws(12)) {
      const dims = drawDims(random, 1, 4)
      const depth = drawInteger(random, 1, dims.length)
      const places = sizeOf(dims.slice(0, depth))
      const count = drawInteger(random, 1, places)
      const chosen = [...random.permutation(places)].slice(0, count)
      const rows = reduction === 'none' || count === 1 ? chosen : [...chosen.slice(1), chosen[1]!]
      const tuples = rows.flatMap((place) => unravelled(place, dims.slice(0, depth)))
      const updates = drawTensor(random, 'float32', [count, ...dims.slice(depth)])
      const inputs = [drawTensor(random, 'float32', dims), tensorFrom('int64', [count, depth], tuples), updates]
      const attributes = reduction === 'none' ? {} : { reduction: text(reduction) }
      expect(await disagreements(runtime, oneNode('ScatterND', inputs, attributes, { opset }))).toEqual([])
    }
  })

  it('refuses a reduction that it does not know', () => {
    const x = tensorFrom('float32', [1], [1])
    const { model, inputs } = oneNode('ScatterElements', [x, integerTensor([0]), x], { reduction: text('mean') })
    expect(() => interpret(model, inputs)).toThrow('ScatterElements "node" has the unknown reduction "mean"')
  })
})

/** Indices of which no two along the axis are equal: the rest of the shape is that of the tensor. */
function once(random: Random, dims: readonly number[], axis: number): [written: number[], indices: Tensor] {
  const order = random.permutation(dims.at(axis)!)
  const inner = sizeOf(dims.slice(((axis + dims.length) % dims.length) + 1))
  const numbers = Array.from({ length: sizeOf(dims) }, (_, i) => order[Math.floor(i / inner) % order.length]!)
  return [[...dims], tensorFrom('int64', dims, numbers)]
}

function repeatedly(random: Random, written: number[], length: number): [written: number[], indices: Tensor] {
  return [written, drawTensor(random, 'int64', written, -length, length)]
}

/** The index along each axis of the element at `place` in row-major order. */
function unravelled(place: number, dims: readonly number[]): number[] {
  let rest = place
  return dims
    .toReversed()
    .map((dim) => {
      const index = rest % dim
      rest = Math.floor(rest / dim)
      return index
    })
    .toReversed()
}
