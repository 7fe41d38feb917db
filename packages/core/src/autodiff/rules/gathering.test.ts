import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, sizeOf, type Tensor, tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const check = async (example: Example) => expect(await wrongGradients(runtime, example)).toEqual([])

const floats = (draw: Draws, dims: readonly number[]): Tensor => draw.normal(dims, draw.pick(['float32', 'float64']))

/** Indices into an axis of `length`: anywhere, negative ones too, in order, or in a random order without repetition. */
function indicesInto(draw: Draws, length: number, dims: readonly number[]): Tensor {
  const count = sizeOf(dims)
  const anywhere = draw.several(count, -length, length - 1)
  const first = draw.between(0, Math.max(0, length - count))
  const inOrder = Array.from({ length: count }, (_, i) => first + i)
  const shuffled = Array.from(draw.random.permutation(length)).slice(0, count)
  const chosen = count > length ? anywhere : draw.pick([anywhere, inOrder, shuffled])
  return tensor('int64', dims, BigInt64Array.from(chosen, BigInt))
}

describe('Gather', () => {
  it('passes the gradient for known and unknown indices of any shape along any axis', async () => {
    const draw = draws(1)
    for (let i = 0; i < 80; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 5)
      const axis = draw.between(0, dims.length - 1)
      if (draw.chance(0.3)) dims[axis] = draw.between(60, 80)
      const indices = indicesInto(draw, dims[axis]!, draw.several(draw.between(0, 3), 1, 4))
      const attributes = { axis: int(draw.pick([axis, axis - dims.length])) }
      const stored = draw.pick([[1], []])
      await check(oneNode('Gather', [floats(draw, dims), indices], attributes, { opset: 18, stored }))
    }
  })

  it('adds up what many indices took from few rows', async () => {
    const draw = draws(2)
    const indices = tensor('int32', [64, 32], Int32Array.from(draw.several(2048, -130, 129)))
    const table = draw.normal([130, 8])
    await check(oneNode('Gather', [table, indices], {}, { opset: 18 }))
    await check(oneNode('Gather', [table, indices], {}, { opset: 18, stored: [1] }))
    const skewed = tensor(
      'int64',
      [2000],
      BigInt64Array.from({ length: 2000 }, (_, i) => BigInt(i % 9 === 0 ? i % 130 : 5)),
    )
    await check(oneNode('Gather', [table, skewed], {}, { opset: 18, stored: [1] }))
  })

  it('takes nothing', async () => {
    const none = tensor('int64', [0], new BigInt64Array())
    const x = draws(3).normal([3, 2])
    await check(oneNode('Gather', [x, none], { axis: int(1) }, { opset: 18 }))
  })
})

describe('GatherElements', () => {
  it('passes the gradient for any indices', async () => {
    const draw = draws(4)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 5)
      const axis = draw.between(0, dims.length - 1)
      const taken = dims.map((dim) => draw.between(1, dim)).with(axis, draw.pick([1, draw.between(1, 6)]))
      const indices = draw.integers(taken, -dims[axis]!, dims[axis]! - 1, draw.pick(['int32', 'int64']))
      const stored = draw.pick([[1], []])
      const attributes = { axis: int(draw.pick([axis, axis - dims.length])) }
      await check(oneNode('GatherElements', [floats(draw, dims), indices], attributes, { opset: 18, stored }))
    }
  })
})

describe('GatherND', () => {
  it('passes the gradient for tuples of any length, per batch or not', async () => {
    const draw = draws(5)
    for (let i = 0; i < 60; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 4)
      const batch = draw.between(0, dims.length - 1)
      const depth = draw.between(1, dims.length - batch)
      const shape = [...dims.slice(0, batch), ...draw.several(draw.between(0, 2), 1, 3), depth]
      const numbers = Array.from({ length: sizeOf(shape) }, (_, k) => {
        const length = dims[batch + (k % depth)]!
        return BigInt(draw.between(-length, length - 1))
      })
      const indices = tensor('int64', shape, BigInt64Array.from(numbers))
      const stored = draw.pick([[1], []])
      await check(oneNode('GatherND', [floats(draw, dims), indices], { batch_dims: int(batch) }, { opset: 18, stored }))
    }
  })

  it('passes the gradient to a large table', async () => {
    const draw = draws(6)
    const table = draw.normal([12, 10, 3])
    await check(oneNode('GatherND', [table, draw.integers([500, 2], -10, 9)], {}, { opset: 18 }))
  })
})

describe('ScatterElements', () => {
  it('passes the gradient by data and by updates', async () => {
    const draw = draws(9)
    for (let i = 0; i < 50; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 5)
      const axis = draw.between(0, dims.length - 1)
      const adds = draw.chance(0.5)
      const taken = dims.map((dim) => draw.between(1, dim))
      if (!adds) taken[axis] = 1
      const indices = draw.integers(taken, -dims[axis]!, dims[axis]! - 1)
      const type = draw.pick(['float32', 'float64'] as const)
      const attributes = { axis: int(axis), ...(adds ? { reduction: { type: 'string' as const, value: 'add' } } : {}) }
      const inputs = [draw.normal(dims, type), indices, draw.normal(taken, type)]
      await check(oneNode('ScatterElements', inputs, attributes, { opset: 18, stored: draw.pick([[0], [2], []]) }))
    }
  })

  it('refuses to multiply', async () => {
    const draw = draws(10)
    const inputs = [draw.normal([3]), integerTensor([1]), draw.normal([1])]
    const example = oneNode('ScatterElements', inputs, { reduction: { type: 'string', value: 'mul' } }, { opset: 18 })
    await expect(checkGradient(runtime, example)).rejects.toThrow('has the reduction "mul"')
  })
})

describe('ScatterND', () => {
  it('passes the gradient by data and by updates', async () => {
    const draw = draws(11)
    for (let i = 0; i < 50; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 5)
      const depth = draw.between(1, dims.length)
      const slices = sizeOf(dims.slice(0, depth))
      const count = draw.between(1, Math.min(4, slices))
      const places = Array.from(draw.random.permutation(slices)).slice(0, count)
      const tuples = places.flatMap((place) => dims.slice(0, depth).map((dim, k) => digit(place, dims, k, depth) % dim))
      const indices = tensor('int64', [count, depth], BigInt64Array.from(tuples, BigInt))
      const type = draw.pick(['float32', 'float64'] as const)
      const attributes = draw.pick([{}, { reduction: { type: 'string' as const, value: 'add' } }])
      const inputs = [draw.normal(dims, type), indices, draw.normal([count, ...dims.slice(depth)], type)]
      await check(oneNode('ScatterND', inputs, attributes, { opset: 18, stored: draw.pick([[0], [2], [1], []]) }))
    }
  })
})

/** The index along axis `k` of slice `place` of a tensor of shape `dims`, slices being named by their first `depth` axes. */
const digit = (place: number, dims: readonly number[], k: number, depth: number): number =>
  Math.floor(place / sizeOf(dims.slice(k + 1, depth)))
