import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import {
  gradients,
  graphBuilder,
  int,
  type Model,
  nodeRuntime,
  seededRandom,
  type Tensor,
  writeModel,
} from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { type GradientCheck, runCheckGradients } from '../src/index.ts'
import { graft, put, workFolder } from './graft.ts'
import { dataFolder } from './tables/folder.ts'
import { bytesOf, npyFile } from './tables/npy.ts'

const folder = workFolder()
const normal = (dims: readonly number[], seed: number): Tensor => {
  const random = seededRandom(seed)
  const length = dims.reduce((size, dim) => size * dim, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length }, () => random.normal()) }
}

/** A network of two layers; `extra` may put something between its output and the model's. */
function network(
  extra: (graph: ReturnType<typeof graphBuilder>, scores: string) => string = (_, scores) => scores,
): Model {
  const graph = graphBuilder('network')
  const x = graph.input('x', 'float32', ['N', 4])
  const first = graph.node('Gemm', [x, graph.constant(normal([4, 6], 1), 'first.weight')])
  const stored = graph.node('Constant', [], { value: { type: 'tensor', value: normal([6, 3], 2) } })
  const scores = graph.node('MatMul', [graph.node('Tanh', [first]), stored])
  graph.output('scores', extra(graph, scores), 'float32', ['N', 3])
  return graph.model()
}

const model = put(folder, 'network.onnx', writeModel(network()))
const target = [2, 0, 1, 1]
const input = normal([4, 4], 3)

/** Loss and gradients in float64, by the formulas: `p = softmax(tanh(x A) B)`. */
function byHand() {
  const at = ({ data, dims }: Tensor, i: number, j: number) => Number(data[i * dims[1]! + j])
  const [a, b] = [normal([4, 6], 1), normal([6, 3], 2)]
  const byA = new Float64Array(24)
  const byB = new Float64Array(18)
  let loss = 0
  target.forEach((label, i) => {
    const hidden = Array.from({ length: 6 }, (_, k) =>
      Math.tanh([0, 1, 2, 3].reduce((sum, j) => sum + at(input, i, j) * at(a, j, k), 0)),
    )
    const powers = [0, 1, 2].map((c) => Math.exp(hidden.reduce((sum, h, k) => sum + h * at(b, k, c), 0)))
    const total = powers.reduce((sum, power) => sum + power)
    loss -= Math.log(powers[label]! / total) / 4
    const errors = powers.map((power, c) => (power / total - Number(c === label)) / 4)
    hidden.forEach((h, k) => {
      const back = errors.reduce((sum, error, c) => sum + error * at(b, k, c), 0) * (1 - h * h)
      for (let c = 0; c < 3; c++) byB[k * 3 + c]! += h * errors[c]!
      for (let j = 0; j < 4; j++) byA[j * 6 + k]! += at(input, i, j) * back
    })
  })
  return { loss, byA, byB }
}

type Arrays = Readonly<Record<string, Uint8Array>>
const floats = (dims: readonly number[], data: Float64Array | Float32Array) =>
  npyFile(data instanceof Float32Array ? '<f4' : '<f8', dims, bytesOf(data))
const classes = (...numbers: number[]) => npyFile('<i8', [numbers.length], bytesOf(BigInt64Array.from(numbers, BigInt)))
const { loss, byA, byB } = byHand()
const right: Arrays = {
  input: floats([4, 4], input.data as Float32Array),
  target: classes(...target),
  loss: floats([], Float64Array.of(loss)),
  'grad/first.weight': floats([4, 6], byA),
  'grad/Constant_1': floats([6, 3], byB),
}
const npz = (name: string, arrays: Arrays) =>
  put(folder, name, zipSync(Object.fromEntries(Object.entries(arrays).map(([key, array]) => [`${key}.npy`, array]))))

const check = (...args: string[]) => graft(folder, ['check-gradients', ...args])

describe('graft check-gradients', () => {
  it('agrees with gradients by hand, in the promised form', async () => {
    const run = await check('--model', model, '--case', npz('right.npz', right), '--json')
    expect(run.stderr).toBe('')
    expect(run.code).toBe(0)
    const result: GradientCheck = JSON.parse(run.stdout)
    expect(Object.keys(result).sort()).toEqual([
      'command',
      'loss',
      'maxRelativeError',
      'model',
      'operators',
      'parameters',
      'referenceLoss',
      'unsupported',
      'version',
      'worst',
    ])
    expect(result).toMatchObject({
      command: 'check-gradients',
      operators: ['Constant', 'Gemm', 'Identity', 'MatMul', 'Tanh'],
      unsupported: [],
      referenceLoss: loss,
      parameters: 2,
    })
    expect(result.loss).toBeCloseTo(loss, 6)
    expect(result.maxRelativeError).toBeLessThan(1e-6)
    expect(result.worst!.relativeError).toBe(result.maxRelativeError)
  })

  it('measures an error as it is defined', async () => {
    const doubled = npz('doubled.npz', {
      ...right,
      'grad/Constant_1': floats(
        [6, 3],
        byB.map((value) => 2 * value),
      ),
    })
    const run = await check('--model', model, '--case', doubled)
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/2 parameters against doubled\.npz: largest relative error 5\.0e-1, in Constant_1/)
    const zero = npz('zero.npz', { ...right, 'grad/Constant_1': floats([6, 3], new Float64Array(18)) })
    const { maxRelativeError } = JSON.parse((await check('--model', model, '--case', zero, '--json')).stdout)
    expect(maxRelativeError).toBeCloseTo(Math.hypot(...byB) / 1e-12, -7)
  })

  it('lists parameters without a gradient, where only rounding is left to compare', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', ['N', 4])
    const first = graph.node('MatMul', [x, graph.constant(normal([4, 3], 1), 'w')])
    // Softmax does not change with what is added to all scores of a row.
    const bias = graph.node('MatMul', [x, graph.constant(normal([4, 1], 2), 'b')])
    graph.output('y', graph.node('Add', [first, bias]), 'float32', ['N', 3])
    const weights = normal([4, 3], 1).data as Float32Array
    const rows = [0, 1, 2, 3].map((i) => Array.from((input.data as Float32Array).subarray(4 * i, 4 * i + 4)))
    const byW = new Float64Array(12)
    let sum = 0
    rows.forEach((row, i) => {
      const powers = [0, 1, 2].map((c) => Math.exp(row.reduce((dot, v, j) => dot + v * weights[j * 3 + c]!, 0)))
      const total = powers.reduce((all, power) => all + power)
      sum -= Math.log(powers[target[i]!]! / total) / 4
      row.forEach((v, j) => {
        for (const c of [0, 1, 2]) byW[j * 3 + c]! += (v * (powers[c]! / total - Number(c === target[i]))) / 4
      })
    })
    const arrays = {
      input: right.input!,
      target: right.target!,
      loss: floats([], Float64Array.of(sum)),
      'grad/w': floats([4, 3], byW),
      'grad/b': floats([4, 1], Float64Array.of(1e-18, 0, -1e-18, 0)),
    }
    const file = put(folder, 'still.onnx', writeModel(graph.model()))
    const still = await check('--model', file, '--case', npz('still.npz', arrays), '--json')
    expect(JSON.parse(still.stdout)).toMatchObject({ parameters: 2, vanishing: ['b'], worst: { name: 'w' } })
    expect(JSON.parse(still.stdout).maxRelativeError).toBeLessThan(1e-6)
    const text = await check('--model', file, '--case', 'still.npz')
    expect(text.stdout).toContain('left out of the largest error: b')
    const lost = npz('lost.npz', {
      ...arrays,
      'grad/w': floats([4, 3], new Float64Array(12)),
      'grad/b': floats([4, 1], Float64Array.of(1, 0, 0, 0)),
    })
    const missed = JSON.parse((await check('--model', file, '--case', lost, '--json')).stdout)
    expect(missed).not.toHaveProperty('vanishing')
    expect(missed.worst.name).toBe('w')
  })

  it('needs no case: it takes central differences, the same for the same seed', async () => {
    const runs = await Promise.all(['0', '0', '1'].map((seed) => check('--model', model, '--json', '--seed', seed)))
    const [first, second, third] = runs.map(({ stdout }): GradientCheck => JSON.parse(stdout))
    expect(first).toMatchObject({ parameters: 2, probes: { elements: 42, directions: 0, dropped: 0, unchecked: 0 } })
    expect(first!.maxRelativeError).toBeLessThan(1e-6)
    expect(first!.loss).toBeCloseTo(first!.referenceLoss!, 6)
    expect(second).toEqual(first)
    expect(third!.loss).not.toBe(first!.loss)
    const text = await check('--model', model)
    expect(text.stdout).toMatch(/Probed: 42 single elements\n\n2 parameters against central differences in float64/)
  })

  it('names every node that cannot be differentiated, and ends with 2', async () => {
    const twice = network((graph, scores) => graph.node('Trick', [graph.node('Det', [scores])], {}, 'com.example'))
    const file = put(folder, 'twice.onnx', writeModel(twice))
    const [trick, det] = ['Trick', 'Det'].map((op) => twice.graph.nodes.find((node) => node.op === op)!.name)
    for (const args of [[], ['--case', npz('right.npz', right)], ['--json']]) {
      const run = await check('--model', file, ...args)
      expect(run.code).toBe(2)
      expect(run.stderr).toContain(`Det (node "${det}"), com.example.Trick (node "${trick}") are not supported`)
      if (!args.includes('--json')) expect(run.stdout).toBe('')
      else {
        expect(JSON.parse(run.stdout)).toMatchObject({
          unsupported: [
            { operator: 'Det', node: det },
            { operator: 'com.example.Trick', node: trick },
          ],
          loss: null,
          parameters: 0,
          worst: null,
        })
      }
    }
  })

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
    it(`refuses a case with ${what}`, async () => {
      const failure = await runCheckGradients(
        { model: join(folder, model), case: join(folder, npz('wrong.npz', arrays)), seed: 0 },
        { progress: () => {} },
      ).catch((error: Error) => error)
      expect(failure).toMatchObject({ name: 'InvalidInputError' })
      expect((failure as Error).message).toContain(message)
    })
  }

  it('ends with 2 and the file at fault for a case, a model or a call that is wrong', async () => {
    const cut = await check('--model', model, '--case', npz('cut.npz', without('loss')))
    expect(cut.code).toBe(2)
    expect(cut.stderr).toMatch(/^error: cut\.npz: it has no array loss/)
    expect((await check('--model', 'absent.onnx')).code).toBe(2)
    expect((await check('--case', 'right.npz')).stderr).toContain("required option '--model <file>' not specified")
    const nothing = graphBuilder()
    nothing.output('y', nothing.node('Relu', [nothing.input('x', 'float32', ['N', 2])]), 'float32', ['N', 2])
    const run = await check('--model', put(folder, 'nothing.onnx', writeModel(nothing.model())))
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('depends on no parameter')])
  })

  it('ends with 1 where the loss is not finite', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', ['N', 4])
    const product = graph.node('MatMul', [x, graph.constant(normal([4, 2], 1), 'w')])
    graph.output('y', graph.node('Log', [graph.node('Neg', [graph.node('Abs', [product])])]), 'float32', ['N', 2])
    const arrays: Arrays = { ...right, 'grad/w': floats([4, 2], new Float64Array(8)), target: classes(0, 1, 1, 0) }
    const { 'grad/first.weight': _, 'grad/Constant_1': __, ...rest } = arrays
    const file = put(folder, 'nan.onnx', writeModel(graph.model()))
    const run = await check('--model', file, '--case', npz('nan.npz', rest), '--json')
    expect([run.code, run.stdout]).toEqual([1, ''])
    expect(run.stderr).toContain('the loss is NaN')
  })
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

const shared = (name: string) => join(dataFolder, name)
const files = (name: string) =>
  existsSync(shared(name)) ? readdirSync(shared(name)).filter((file) => file.endsWith('.onnx')) : []

describe.skipIf(files('gradients').length === 0)('the shared networks (skipped without GRAFT_DATA)', () => {
  for (const file of files('gradients')) {
    it(`${file}: agrees with PyTorch in float64`, async () => {
      const path = join(shared('gradients'), file)
      const { result } = await runCheckGradients(
        { model: path, case: path.replace(/onnx$/, 'npz'), seed: 0 },
        { progress: () => {} },
      )
      expect(result.parameters).toBeGreaterThanOrEqual(6)
      expect(result.loss).toBeCloseTo(result.referenceLoss!, 5)
      expect(result.maxRelativeError).toBeLessThan(1e-5)
    })
  }

  for (const file of files('backbones')) {
    it(`${file}: agrees with central differences`, async () => {
      const { result } = await runCheckGradients(
        { model: join(shared('backbones'), file), seed: 0, work: 4e9 },
        { progress: () => {} },
      )
      expect(result.parameters).toBeGreaterThan(2)
      expect(result.maxRelativeError).toBeLessThan(1e-4)
    }, 240_000)
  }
})
