import { join } from 'node:path'
import { gradients, graphBuilder, int, nodeRuntime, writeModel } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { runCheckGradients } from '../../src/index.ts'
import { put, workFolder } from '../graft.ts'
import { bytesOf, npyFile } from '../tables/npy.ts'
import { type Arrays, byHand, classes, floats, input, network, normal, npzOf, right } from './hand-made.ts'

const folder = workFolder()
const model = put(folder, 'network.onnx', writeModel(network()))
const { byA, byB } = byHand()
const npz = (name: string, arrays: Arrays) => put(folder, name, npzOf(arrays))

describe('a case file', () => {
  const without = (name: string): Arrays => Object.fromEntries(Object.entries(right).filter(([key]) => key !== name))
  const grads = { 'grad/first.weight': right['grad/first.weight']!, 'grad/Constant_1': right['grad/Constant_1']! }
  const wrong: readonly (readonly [string, Arrays, string])[] = [
    ['no input', without('input'), `it has no array input (the model's input "x"), only target, loss`],
    ['no target', without('target'), 'it has no array target'],
    ['no loss', without('loss'), 'it has no array loss'],
    [
      'no gradient',
      { ...Object.fromEntries(Object.entries(right).filter(([key]) => !(key in grads))) },
      'it has no array grad/NAME',
    ],
    [
      'a parameter that the model does not have',
      { ...right, 'grad/first.weigth': right['grad/first.weight']! },
      'array grad/first.weigth: the model has no parameter "first.weigth", did you mean "first.weight"?',
    ],
    [
      'a gradient of another shape',
      { ...right, 'grad/first.weight': floats([6, 4], byA) },
      'array grad/first.weight: the shape is [6, 4], the parameter is [4, 6]',
    ],
    [
      'a gradient that is not finite',
      {
        ...right,
        'grad/Constant_1': floats(
          [6, 3],
          byB.map((v, i) => (i === 5 ? Number.NaN : v)),
        ),
      },
      'array grad/Constant_1: it holds NaN',
    ],
    [
      'an input of another shape',
      { ...right, input: floats([2, 8], input.data as Float32Array) },
      'array input: the shape is [2, 8], the model\'s input "x" is [N, 4]',
    ],
    ['too few targets', { ...right, target: classes(0, 1) }, 'array target: the shape is [2], expected [4]'],
    [
      'a target out of range',
      { ...right, target: classes(0, 1, 2, 3) },
      'array target: it holds 3, expected class numbers from 0 to 2',
    ],
    [
      'targets that are no numbers of classes',
      { ...right, target: floats([4], Float64Array.of(0, 1, 0.5, 1)) },
      'array target: it holds 0.5',
    ],
  ]
  for (const [what, arrays, message] of wrong) {
    it(`is refused with ${what}`, async () => {
      const failure = await runCheckGradients(
        { model: join(folder, model), case: join(folder, npz('wrong.npz', arrays)), seed: 0 },
        { progress: () => {} },
      ).catch((error: Error) => error)
      expect(failure).toMatchObject({ name: 'InvalidInputError' })
      expect((failure as Error).message).toContain(message)
    })
  }
})

describe('a class for every position', () => {
  it('is scored as PyTorch scores it, classes along the second axis', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', ['N', 2, 3])
    graph.output('y', graph.node('Conv', [x, graph.constant(normal([4, 2, 1], 1), 'w')]), 'float32', ['N', 4, 3])
    const pixels = normal([1, 2, 3], 2)
    const byPosition = put(folder, 'positions.onnx', writeModel(graph.model()))
    // Every position is a row of its own: the same loss and gradients.
    const rows = graphBuilder()
    const kernel = rows.constant(normal([4, 2, 1], 1), 'w')
    const flat = rows.node('Conv', [rows.input('x', 'float32', [3, 2, 1]), kernel])
    const scores = rows.node('Flatten', [flat])
    const chosen = rows.constant({
      type: 'float32',
      dims: [3, 4],
      data: Float32Array.of(0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1),
    })
    const logs = rows.node('Mul', [rows.node('LogSoftmax', [scores], { axis: int(1) }), chosen])
    const sum = rows.node('ReduceSum', [logs], { keepdims: int(0) })
    const third = rows.constant({ type: 'float32', dims: [], data: Float32Array.of(-1 / 3) })
    rows.output('loss', rows.node('Mul', [sum, third]), 'float32', [])
    const turned = Float32Array.from([0, 3, 1, 4, 2, 5], (i) => Number(pixels.data[i]))
    const runtime = await nodeRuntime()
    const inputs = { x: { type: 'float32', dims: [3, 2, 1], data: turned } as const }
    const found = await gradients(runtime, rows.model(), { loss: 'loss', parameters: ['w'], inputs })
    await runtime.release()
    const given = npz('positions.npz', {
      input: floats([1, 2, 3], pixels.data as Float32Array),
      target: npyFile('<i8', [1, 3], bytesOf(BigInt64Array.of(2n, 0n, 3n))),
      loss: floats([], Float64Array.of(found.loss)),
      'grad/w': floats([4, 2, 1], found.gradients.get('w')!.data as Float32Array),
    })
    const { result } = await runCheckGradients(
      { model: join(folder, byPosition), case: join(folder, given), seed: 0 },
      { progress: () => {} },
    )
    expect(result.loss).toBeCloseTo(found.loss, 6)
    expect(result.maxRelativeError).toBeLessThan(1e-6)
  })
})
