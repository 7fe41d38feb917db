import { graphBuilder, writeModel } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import type { GradientCheck } from '../../src/index.ts'
import { graft, put, workFolder } from '../graft.ts'
import { type Arrays, byHand, classes, floats, input, network, normal, npzOf, right, target } from './hand-made.ts'

const folder = workFolder()
const model = put(folder, 'network.onnx', writeModel(network()))
const { loss, byB } = byHand()
const npz = (name: string, arrays: Arrays) => put(folder, name, npzOf(arrays))
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

  it('ends with 2 and the file at fault for a case, a model or a call that is wrong', async () => {
    const cut = await check('--model', model, '--case', npz('cut.npz', { input: right.input!, target: right.target! }))
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
