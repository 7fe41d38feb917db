import { graphBuilder, int, interpret, nodeRuntime, parametersOf, seededRandom, type Tensor } from 'graft-learn'
import { afterAll, describe, expect, it } from 'vitest'
import { drawProblem } from './draw-problem.ts'
import { firstOutput, randomProblem } from './loss-problem.ts'
import { randomInputs } from './random-inputs.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const normal = (dims: readonly number[], seed = 0): Tensor => {
  const random = seededRandom(seed)
  const data = Float32Array.from({ length: dims.reduce((size, dim) => size * dim, 1) }, () => random.normal())
  return { type: 'float32', dims, data }
}

describe('random inputs', () => {
  it('fit the tables that they choose from, and the shapes that the model needs', async () => {
    const graph = graphBuilder()
    const words = graph.input('words', 'int64', ['N', 3])
    const image = graph.input('image', 'float32', ['N', 2, 'H', 'W'])
    const rows = graph.node('Gather', [graph.constant(normal([4, 5]), 'table'), words])
    const conv = graph.node('Conv', [image, graph.constant(normal([5, 2, 7, 7]), 'kernel')])
    const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [conv])])
    const means = graph.node('ReduceMean', [rows], { axes: { type: 'ints', value: [1] }, keepdims: int(0) })
    graph.output('scores', graph.node('Add', [means, pooled]), 'float32', ['N', 5])
    const { inputs, output } = await randomInputs(runtime, graph.model(), 2, seededRandom(0))
    expect(inputs.words!.dims).toEqual([2, 3])
    expect(Array.from(inputs.words!.data as BigInt64Array).every((word) => word >= 0n && word < 4n)).toBe(true)
    expect(inputs.image!.dims).toEqual([2, 2, 32, 32])
    expect(output.dims).toEqual([2, 5])
  })

  it('are refused with a reason where none fit', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', ['N', 3])
    graph.output('y', graph.node('Log', [graph.node('Sub', [x, x])]), 'float32', ['N', 3])
    const failure = await randomInputs(runtime, graph.model(), 2, seededRandom(0)).catch(
      (error: Error) => error.message,
    )
    expect(failure).toMatch(/NaN or infinities for random inputs: no random inputs were found.*--case/)
    const text = graphBuilder()
    const words = text.input('words', 'string', ['N'])
    text.output('y', text.node('Identity', [words]), 'string', ['N'])
    expect(
      await randomInputs(runtime, text.model(), 2, seededRandom(0)).catch((error: Error) => error.message),
    ).toMatch(/input "words" is string \[N\]/)
  })
})

describe('the loss of a random problem', () => {
  const lossOf = async (op: string | undefined, dims: readonly number[]) => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', dims)
    graph.output('y', op === undefined ? x : graph.node(op, [x]), 'float32', dims)
    const inputs = { x: normal(dims) }
    const output = await firstOutput(runtime, graph.model(), inputs)
    const problem = randomProblem(graph.model(), inputs, output, seededRandom(0))
    const loss = interpret(problem.model, problem.inputs).values.get('loss')!.data[0]!
    return { loss, output: output.data as Float32Array, target: problem.inputs.target?.data as BigInt64Array }
  }

  it('is cross-entropy of scores, and of probabilities as they are', async () => {
    const scores = await lossOf(undefined, [2, 3])
    const row = (i: number) => Array.from(scores.output.subarray(3 * i, 3 * i + 3))
    const entropy = (i: number) =>
      Math.log(row(i).reduce((sum, score) => sum + Math.exp(score), 0)) - row(i)[Number(scores.target[i])]!
    expect(scores.loss).toBeCloseTo((entropy(0) + entropy(1)) / 2, 6)
    const sure = await lossOf('Softmax', [2, 3])
    const logs = [0, 1].map((i) => -Math.log(sure.output[3 * i + Number(sure.target[i])]!))
    expect(sure.loss).toBeCloseTo((logs[0]! + logs[1]!) / 2, 6)
  })

  it('is the mean of squares of everything else', async () => {
    for (const dims of [[2, 1], [2, 3, 2], [4]]) {
      const { loss, output } = await lossOf(undefined, dims)
      expect(loss).toBeCloseTo(output.reduce((sum, value) => sum + value ** 2, 0) / output.length, 6)
    }
  })
})

it('draws inputs at which float32 and float64 agree', async () => {
  const graph = graphBuilder()
  const x = graph.input('x', 'float32', ['N', 6])
  const hidden = graph.node('Relu', [graph.node('MatMul', [x, graph.constant(normal([6, 8]), 'w')])])
  graph.output('y', graph.node('MatMul', [hidden, graph.constant(normal([8, 3], 1), 'v')]), 'float32', ['N', 3])
  const model = graph.model()
  const draw = () => drawProblem(runtime, model, parametersOf(model), seededRandom(0), () => {})
  const { inputs, gradients, loss, draws } = await draw()
  expect(inputs.x!.dims).toEqual([2, 6])
  expect([...gradients.keys()]).toEqual(['w', 'v'])
  expect(loss).toBeGreaterThan(0)
  expect(draws).toBe(1)
  expect((await draw()).inputs).toEqual(inputs)
})
