import { afterAll, describe, expect, it } from 'vitest'
import { graphBuilder, int, type Model, text } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'
import { filled } from '../testing/small-network.ts'
import { tokenNetwork } from '../testing/token-network.ts'
import { describeNetwork } from './describe-network.ts'
import { openBatch } from './open-batch.ts'
import { splitNetwork } from './split-network.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** `rows` images, beginning with number `from`. */
const images = (from: number, rows: number): Tensor =>
  filled([rows, 2, 4, 4], (k) => Math.sin(1 + 0.37 * (k + 32 * from)))

const close = (got: Tensor, expected: number[]): void => {
  expect(got.data).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(got.data[i]).toBeCloseTo(value, 5)
}

/** What the network for one row gives for each of five images. */
async function expectedLogits(): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < 5; i++) {
    const { logits } = await runtime.run(tokenNetwork(1), { input: images(i, 1) })
    all.push(...(logits!.data as Float32Array))
  }
  return all
}

describe('a network opened for any number of rows', () => {
  it.each([1, 2, 3, 'N'] as const)('gives the same for each row as before, exported for %s', async (rows) => {
    const { model, rows: values } = await openBatch(runtime, tokenNetwork(rows))
    const { logits } = await runtime.run(model, { input: images(0, 5) })
    close(logits!, await expectedLogits())
    expect(model.graph.inputs).toEqual([{ name: 'input', type: 'float32', dims: ['N', 2, 4, 4] }])
    expect(model.graph.outputs).toEqual([{ name: 'logits', type: 'float32', dims: ['N', 4] }])
    expect(values.get('first')).toEqual({ type: 'float32', dims: [5, 3] })
    expect(values.has('first/together')).toBe(false)
  })

  it.each([1, 'N'] as const)('can be cut between its layers, exported for %s', async (rows) => {
    const { model, blocks, features } = await describeNetwork(runtime, tokenNetwork(rows))
    expect(blocks.map(({ name, output }) => [name, output])).toEqual([
      ['patch', 'joined'],
      ['first', 'first'],
      ['second', 'class'],
    ])
    expect(features).toBe('class')
    const { base, rest } = splitNetwork(model, 'first')
    const { logits } = await runtime.run(rest, await runtime.run(base, { input: images(0, 5) }))
    close(logits!, await expectedLogits())
  })

  it('keeps first states of recurrent layers for as many rows as there are', async () => {
    const { model } = await openBatch(runtime, recurrent())
    const all = filled([4, 3, 2], (k) => Math.sin(k))
    const together = await runtime.run(model, { x: all })
    const apart = await Promise.all(
      [0, 1, 2, 3].map((i) => {
        const one = { ...all, dims: [1, 3, 2], data: all.data.slice(6 * i, 6 * i + 6) }
        return runtime.run(recurrent(), { x: one })
      }),
    )
    close(
      together.y!,
      apart.flatMap(({ y }) => [...(y!.data as Float32Array)]),
    )
  })

  it.each([1, 2])('resizes and looks up as many rows as there are, made for %s', async (rows) => {
    const { model } = await openBatch(runtime, resizing(rows))
    const all = filled([6, 1, 4], (k) => Math.sin(k))
    const { y } = await runtime.run(model, { x: all })
    expect(y!.dims).toEqual([6, 3])
    const expected = Array.from({ length: 6 }, (_, i) => [0, 2, 3].map((place) => Math.sin(4 * i + place))).flat()
    close(y!, expected)
  })

  it('is refused where rows are mixed', async () => {
    const graph = graphBuilder('mixing')
    const x = graph.input('x', 'float32', [2, 3])
    const mean = graph.node('ReduceMean', [x], { axes: { type: 'ints', value: [0] }, keepdims: int(1) })
    graph.output('y', graph.node('Sub', [x, mean]), 'float32', [2, 3])
    await expect(openBatch(runtime, graph.model())).rejects.toThrow(
      'made for 2 rows at a time and cannot be brought to take any number (with more rows it gives something else)',
    )
  })
})

/**
 * Made for some number of `rows`: `x` (rows × 1 × 4) made twice as long by a Resize to sizes, then the places 0, 4 and 6 of
 * each row looked up in all rows laid end to end, as exporters write PyTorch's `as_strided`.
 */
function resizing(rows: number): Model {
  const graph = graphBuilder('resizing')
  const x = graph.input('x', 'float32', [rows, 1, 4])
  const mode = {
    mode: text('nearest'),
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text('floor'),
  }
  const longer = graph.node('Resize', [x, '', '', graph.constant(integerTensor([rows, 1, 8]))], mode)
  const flat = graph.node('Reshape', [longer, graph.constant(integerTensor([-1]))])
  const places = Array.from({ length: rows }, (_, i) => [0, 4, 6].map((place) => 8 * i + place)).flat()
  const table = graph.constant({ ...integerTensor(places), dims: [rows, 3] })
  graph.output('y', graph.node('Gather', [flat, table], { axis: int(0) }), 'float32', [rows, 3])
  return graph.model()
}

/** A recurrent layer made for one row: `x` (1 × 3 × 2), its first state stored, to its last state `y` (1 × 4). */
function recurrent(): Model {
  const graph = graphBuilder('recurrent')
  const weight = (dims: number[], a: number) => graph.constant(filled(dims, (k) => Math.sin(a + k)))
  const steps = graph.node('Transpose', [graph.input('x', 'float32', [1, 3, 2])], {
    perm: { type: 'ints', value: [1, 0, 2] },
  })
  const inputs = [steps, weight([1, 4, 2], 1), weight([1, 4, 4], 2), weight([1, 8], 3), '', weight([1, 1, 4], 4)]
  const [, last] = graph.nodes('RNN', 2, inputs, { hidden_size: int(4) })
  const y = graph.node('Reshape', [last!, graph.constant(integerTensor([1, 4]))])
  graph.output('y', y, 'float32', [1, 4])
  return graph.model()
}
