import { afterAll, describe, expect, it } from 'vitest'
import { int, type Model } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, type Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'
import { differentiate } from '../differentiate.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const check = async (example: Example, by?: readonly string[]) =>
  expect(await wrongGradients(runtime, example, by)).toEqual([])

const floats = (draw: Draws, dims: readonly number[]): Tensor => draw.normal(dims, draw.pick(['float32', 'float64']))

describe('Concat', () => {
  it('passes the gradient to every input', async () => {
    const draw = draws(1)
    for (let i = 0; i < 30; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 4)
      const axis = draw.between(0, dims.length - 1)
      const type = draw.pick(['float32', 'float64'] as const)
      const parts = draw.several(draw.between(1, 4), 0, 3).map((length) => draw.normal(dims.with(axis, length), type))
      const signed = draw.pick([axis, axis - dims.length])
      const only = parts.length > 1 && draw.chance(0.3) ? ['input_1'] : undefined
      await check(oneNode('Concat', parts, { axis: int(signed) }, { opset: 18 }), only)
    }
  })
})

describe('Split', () => {
  it('passes the gradients of all parts, and of some', async () => {
    const draw = draws(2)
    for (let i = 0; i < 40; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 4)
      const axis = draw.between(0, dims.length - 1)
      const lengths = draw.several(draw.between(2, 4), draw.pick([0, 1]), 3)
      const length = lengths.reduce((a, b) => a + b, 0)
      if (length === 0) continue
      const x = floats(draw, dims.with(axis, length))
      const byCount = draw.chance(0.3)
      const count = byCount ? Math.min(length, draw.between(1, 3)) : lengths.length
      const attributes = { axis: int(axis), ...(byCount ? { num_outputs: int(count) } : {}) }
      const inputs = byCount ? [x] : [x, integerTensor(lengths)]
      if (byCount && Math.ceil(length / count) * (count - 1) >= length) continue
      const example = oneNode('Split', inputs, attributes, { opset: 18, outputs: count, stored: [1] })
      const kept = example.model.graph.outputs.filter(() => draw.chance(0.7))
      await check(kept.length === 0 ? example : { ...example, model: withOutputs(example.model, kept) })
    }
  })
})

const withOutputs = (model: Model, outputs: Model['graph']['outputs']): Model => ({
  ...model,
  graph: { ...model.graph, outputs },
})

describe('Slice', () => {
  it('passes the gradient of any part of any axes', async () => {
    const draw = draws(3)
    for (let i = 0; i < 80; i++) {
      const dims = draw.several(draw.between(1, 4), 1, 7)
      const axes = Array.from(draw.random.permutation(dims.length)).slice(0, draw.between(1, dims.length))
      const steps = axes.map(() => draw.pick([1, 1, 2, 3, -1, -2]))
      const starts = axes.map((axis) => draw.between(-dims[axis]! - 2, dims[axis]! + 1))
      const ends = axes.map((axis) => draw.between(-dims[axis]! - 2, dims[axis]! + 2))
      const lists = [starts, ends, axes.map((axis) => draw.pick([axis, axis - dims.length])), steps]
      const absent = draw.pick([4, 4, 3])
      const given = absent === 3 && axes.every((axis, k) => axis === k) ? lists.slice(0, 2) : lists
      await check(
        oneNode('Slice', [floats(draw, dims), ...given.map(integerTensor)], {}, { opset: 18, stored: [1, 2, 3, 4] }),
      )
    }
  })

  it('refuses places that are computed from data', async () => {
    const example = oneNode(
      'Slice',
      [draws(4).normal([4]), integerTensor([1]), integerTensor([3])],
      {},
      { opset: 18, stored: [2] },
    )
    await expect(checkGradient(runtime, example)).rejects.toThrow('Slice "node" computes its starts from data')
  })
})

/** A model that puts slices `[axis, start, end, step]` of its input together along `axis`. */
function slicesTogether(
  x: Tensor,
  slices: readonly (readonly (readonly [number, number, number, number])[])[],
  axis: number,
): Example {
  const example = oneNode('Concat', [x], { axis: int(axis) }, { opset: 18 })
  const { graph } = example.model
  const initializers = new Map<string, Tensor>()
  const nodes = slices.map((ranges, i) => {
    const order = [1, 2, 0, 3] as const
    const lists = order.map((k, at) => {
      initializers.set(`list_${i}_${at}`, integerTensor(ranges.map((range) => range[k])))
      return `list_${i}_${at}`
    })
    const name = `slice_${i}`
    return { op: 'Slice', domain: '', name, inputs: ['input_0', ...lists], outputs: [name], attributes: {} }
  })
  const last = { ...graph.nodes[0]!, inputs: nodes.map(({ name }) => name) }
  return { ...example, model: { ...example.model, graph: { ...graph, nodes: [...nodes, last], initializers } } }
}

const operatorsOf = async ({ model, inputs }: Example): Promise<string[]> => {
  const sum = { op: 'ReduceSum', domain: '', name: 'sum', inputs: ['output_0'], outputs: ['loss'], attributes: {} }
  const keepDims = { keepdims: int(0) }
  const graph = { ...model.graph, nodes: [...model.graph.nodes, { ...sum, attributes: keepDims }] }
  const request = { loss: 'loss', parameters: ['input_0'], inputs }
  const { graph: result } = await differentiate(runtime, { ...model, graph }, request)
  return result.nodes.slice(graph.nodes.length).map(({ op }) => op)
}

describe('slices of one value', () => {
  const x = draws(5).normal([2, 6, 8, 3])

  it('that roll an axis round have their gradients put side by side, not padded and added', async () => {
    const rolled = slicesTogether(x, [[[1, 4, 6, 1]], [[1, 0, 4, 1]]], 1)
    await check(rolled)
    const operators = await operatorsOf(rolled)
    expect(operators).toContain('Concat')
    expect(operators).not.toContain('Pad')
    expect(operators).not.toContain('Add')
  })

  it('that merge patches have theirs interleaved', async () => {
    const corners = [0, 1].flatMap((column) => [0, 1].map((row) => [row, column] as const))
    const merged = slicesTogether(
      x,
      corners.map(([row, column]) => [
        [1, row, 6, 2],
        [2, column, 8, 2],
      ]),
      3,
    )
    await check(merged)
    const operators = await operatorsOf(merged)
    expect(operators.filter((op) => op === 'Concat')).toHaveLength(3)
    expect(operators).not.toContain('Sum')
  })

  it('that overlap, or leave gaps, are still added up', async () => {
    const draw = draws(6)
    for (let i = 0; i < 30; i++) {
      const ranges = Array.from({ length: draw.between(2, 5) }, () => {
        const start = draw.between(0, 5)
        return [[1, start, draw.between(start + 1, 6), 1]] as const
      })
      await check(slicesTogether(draw.normal([2, 6, 3]), ranges, 1))
    }
  })

  it('beside another use of the value', async () => {
    const parts = [[[1, 0, 2, 1]], [[1, 3, 5, 1]], [[1, 0, 6, 1]]] as const
    await check(slicesTogether(x, parts, 1))
    await check(slicesTogether(draws(7).normal([2, 6, 3], 'float64'), parts, 1))
  })
})
