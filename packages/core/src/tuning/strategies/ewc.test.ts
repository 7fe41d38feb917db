import { afterAll, describe, expect, it } from 'vitest'
import { graphBuilder, int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, type Tensor } from '../../tensor/index.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { ewc } from './ewc.ts'
import { type FisherRequest, fisherDiagonal } from './ewc-fisher.ts'
import { lossModel, moved, strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const CLASSES = 3
const WIDTH = 4
const random = seededRandom(3)
const numbers = (n: number) => Float32Array.from({ length: n }, random.normal)
const weight = numbers(CLASSES * WIDTH)
const bias = numbers(CLASSES)
const rows = Array.from({ length: 6 }, () => numbers(WIDTH))
const labels = [0, 2, 1, 1, 0, 2]

/** `softmax(W x + b)`: the rows' probabilities by plain arithmetic. */
const probabilities = rows.map((x) => {
  const z = Array.from({ length: CLASSES }, (_, c) =>
    x.reduce((sum, v, j) => sum + v * weight[c * WIDTH + j]!, bias[c]!),
  )
  const total = z.reduce((sum, each) => sum + Math.exp(each), 0)
  return z.map((each) => Math.exp(each) / total)
})

function linearModel(kind: 'logits' | 'probabilities') {
  const graph = graphBuilder('linear')
  const x = graph.input('x', 'float32', ['N', WIDTH])
  const w = graph.constant({ type: 'float32', dims: [CLASSES, WIDTH], data: weight }, 'w')
  const b = graph.constant({ type: 'float32', dims: [CLASSES], data: bias }, 'b')
  const z = graph.node('Gemm', [x, w, b], { transB: int(1) })
  graph.output('old', kind === 'logits' ? z : graph.node('Softmax', [z], { axis: int(1) }), 'float32', ['N', CLASSES])
  return graph.model()
}

const request = (kind: 'logits' | 'probabilities', draws = 1): FisherRequest => ({
  runtime,
  network: linearModel(kind),
  input: 'x',
  oldHead: { output: 'old', kind, classes: CLASSES },
  parameters: ['w', 'b'],
  inputOf: async (row) => ({ type: 'float32', dims: [1, WIDTH], data: rows[row % rows.length]! }),
  rows: Int32Array.from({ length: rows.length * draws }, (_, i) => i),
  random: seededRandom(1),
  progress: () => undefined,
})

/** The mean over rows of `Σ_y q_y (1[y = c] − p_c)² x_j²`, `q` being the labels' distribution. */
const closedForm = (distribution: (row: number) => readonly number[]): { w: number[]; b: number[] } => {
  const mean = (factor: (x: Float32Array, k: number) => number, size: number, classOf: (k: number) => number) =>
    Array.from({ length: size }, (_, k) =>
      rows.reduce((sum, x, i) => {
        const c = classOf(k)
        const squares = distribution(i).map((q, y) => q * ((y === c ? 1 : 0) - probabilities[i]![c]!) ** 2)
        return sum + (squares.reduce((all, each) => all + each, 0) * factor(x, k)) / rows.length
      }, 0),
    )
  return {
    w: mean(
      (x, k) => x[k % WIDTH]! ** 2,
      CLASSES * WIDTH,
      (k) => Math.floor(k / WIDTH),
    ),
    b: mean(
      () => 1,
      CLASSES,
      (k) => k,
    ),
  }
}

const given = closedForm((i) => Array.from({ length: CLASSES }, (_, y) => (y === labels[i] ? 1 : 0)))
const expected = closedForm((i) => probabilities[i]!)

const relativeError = ({ data }: Tensor, reference: readonly number[]): number => {
  const differences = reference.map((value, i) => Number(data[i]) - value)
  return Math.hypot(...differences) / Math.hypot(...reference)
}

describe('the Fisher information of a linear softmax model', () => {
  it.each(['logits', 'probabilities'] as const)('is the closed form with given labels (%s)', async (kind) => {
    const found = await fisherDiagonal({ ...request(kind), labelOf: (row) => labels[row]! })
    expect(relativeError(found.w!, given.w)).toBeLessThan(1e-5)
    expect(relativeError(found.b!, given.b)).toBeLessThan(1e-5)
    expect(found.w!.dims).toEqual([CLASSES, WIDTH])
  })

  it('is that of the model’s own labels where they are drawn, which is another', async () => {
    const found = await fisherDiagonal(request('logits', 400))
    expect(relativeError(found.w!, expected.w)).toBeLessThan(0.06)
    expect(relativeError(found.b!, expected.b)).toBeLessThan(0.06)
    expect(relativeError(found.w!, given.w)).toBeGreaterThan(0.2)
  })
})

describe('ewc', () => {
  const options = ewc.options.parse({ lambda: 2, rows: 10 })

  it('weighs the way from the start by the Fisher information, and has the gradient of central differences', async () => {
    const context = await strategyContext(runtime, { network: 'convolution', oldTask: true })
    const { losses, facts } = await ewc.plan(context, options)
    const [term] = losses!
    expect(term!.weight).toBe(2)
    expect(facts).toEqual({ 'fisher rows': 10, 'fisher rows from': 'the old task', 'fisher labels': 'drawn' })
    const example = lossModel(moved(context), term!, {})
    const check = await checkGradient(runtime, example, { by: context.blocks.flat() })
    expect(check.exact).toBeLessThan(1e-6)
    const { value } = await runtime.run(example.model, {})
    expect(Number(value!.data[0])).toBeGreaterThan(1e-6)
  })

  it('takes the new rows where no old ones are given', async () => {
    const context = await strategyContext(runtime, { oldHead: 'probabilities' })
    const { facts } = await ewc.plan(context, options)
    expect(facts!['fisher rows from']).toMatch(/new task/)
    await expect(ewc.plan(context, { ...options, labels: 'given' })).rejects.toThrow(/rows of the old task/)
  })

  it('is the same for the same seed, and needs an old head', async () => {
    const value = async () => {
      const context = await strategyContext(runtime, { oldTask: true })
      const { losses } = await ewc.plan(context, options)
      return (await runtime.run(lossModel(moved(context), losses![0]!, {}).model, {})).value!.data[0]
    }
    expect(await value()).toBe(await value())
    const none = await strategyContext(runtime, { oldHead: null })
    await expect(ewc.plan(none, options)).rejects.toThrow(/needs the head/)
  })

  it('holds nothing where only the head is trained', async () => {
    const context = { ...(await strategyContext(runtime)), blocks: [] }
    const { losses } = await ewc.plan(context, options)
    expect(losses).toEqual([])
  })
})
