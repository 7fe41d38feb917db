import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { differentiate } from '../differentiate.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const gates = { RNN: 1, GRU: 3, LSTM: 4 }
const activationCounts = { RNN: 1, GRU: 2, LSTM: 3 }
type Operator = keyof typeof gates
const operators: Operator[] = ['RNN', 'GRU', 'LSTM']

const withBeta = ['Affine', 'ScaledTanh', 'HardSigmoid']
const withAlpha = [...withBeta, 'LeakyRelu', 'ThresholdedRelu', 'Elu']
const activations = [...withAlpha, 'Relu', 'Tanh', 'Sigmoid', 'Softsign', 'Softplus']

interface Form {
  /** How likely each optional input is there. */
  readonly optional?: number
  /** Whether examples are of different lengths. */
  readonly lengths?: boolean
  /** Whether the activations are others than the usual ones. */
  readonly activations?: boolean
  readonly steps?: number
  readonly attributes?: Readonly<Record<string, Attribute>>
}

/** A layer of random sizes whose loss depends on some of its outputs. */
function layer(draw: Draws, op: Operator, form: Form): Example {
  const { optional = 0.5, lengths = false, steps = draw.between(1, 5) } = form
  const [batch, size, hidden] = draw.several(3, 1, 4) as [number, number, number]
  const direction = draw.pick(['forward', 'reverse', 'bidirectional'])
  const directions = direction === 'bidirectional' ? 2 : 1
  const width = gates[op] * hidden
  const small = (dims: number[]) => draw.uniform(dims, -0.8, 0.8)
  const maybe = (input: Tensor) => (draw.chance(optional) ? input : undefined)
  const state = () => small([directions, batch, hidden])
  const inputs = [
    small([steps, batch, size]),
    small([directions, width, size]),
    small([directions, width, hidden]),
    maybe(small([directions, 2 * width])),
    lengths ? tensor('int32', [batch], Int32Array.from(draw.several(batch, draw.pick([1, steps]), steps))) : undefined,
    maybe(state()),
    ...(op === 'LSTM' ? [maybe(state()), maybe(small([directions, 3 * hidden]))] : []),
  ]
  const all = {
    hidden_size: int(hidden),
    direction: text(direction),
    ...(form.activations === true ? otherActivations(draw, directions * activationCounts[op]) : {}),
    ...form.attributes,
  }
  const stored = draw.chance(0.5) ? [4] : []
  const example = oneNode(op, inputs, all, { opset: draw.pick([18, 22]), outputs: op === 'LSTM' ? 3 : 2, stored })
  return withSome(draw, example)
}

function otherActivations(draw: Draws, count: number): Readonly<Record<string, Attribute>> {
  const picked = Array.from({ length: count }, () => draw.pick(activations))
  const numbers = (list: readonly string[]) =>
    picked.filter((name) => list.includes(name)).map(() => draw.pick([0.3, 0.7, 1.2]))
  return {
    activations: { type: 'strings', value: picked },
    activation_alpha: { type: 'floats', value: numbers(withAlpha) },
    activation_beta: { type: 'floats', value: numbers(withBeta) },
  }
}

/** The example with some of its node's outputs left out. */
function withSome(draw: Draws, { model, inputs }: Example): Example {
  const [node] = model.graph.nodes
  const all = node!.outputs
  const chosen = all.filter(() => draw.chance(0.6))
  const kept = chosen.length === 0 ? [draw.pick(all)] : chosen
  const outputs = all.map((name) => (kept.includes(name) ? name : ''))
  while (outputs.at(-1) === '') outputs.pop()
  const graph = { ...model.graph, nodes: [{ ...node!, outputs }], outputs: kept.map((name) => ({ name })) }
  return { model: { ...model, graph }, inputs }
}

async function check(example: Example, by?: readonly string[]): Promise<void> {
  const { exact, run } = await checkGradient(runtime, example, { probes: 12, ...(by && { by }) })
  expect(exact).toBeLessThan(1e-6)
  expect(run).toBeLessThan(1e-4)
}

describe.each(operators)('%s', (op) => {
  const reset = (draw: Draws) => ({ linear_before_reset: int(draw.between(0, 1)) })
  const own = (draw: Draws): Record<string, Attribute> =>
    op === 'GRU' ? reset(draw) : op === 'LSTM' && draw.chance(0.3) ? { input_forget: int(1) } : {}

  it('passes the gradient to every input, in all directions, from any of its outputs', async () => {
    const draw = draws(1)
    for (let i = 0; i < 12; i++) await check(layer(draw, op, { attributes: own(draw) }))
  })

  it('passes the gradient within sequences of different lengths', async () => {
    const draw = draws(2)
    for (let i = 0; i < 16; i++) await check(layer(draw, op, { lengths: true, attributes: own(draw) }))
  })

  it('passes the gradient to one input where only that is wanted', async () => {
    const draw = draws(3)
    for (let i = 0; i < 6; i++) {
      const example = layer(draw, op, { optional: 1, attributes: own(draw) })
      await check(example, [draw.pick(Object.keys(example.inputs))])
    }
  })

  it('passes the gradient through other activations', async () => {
    const draw = draws(4)
    for (let i = 0; i < 12; i++) await check(layer(draw, op, { activations: true, attributes: own(draw) }))
  })

  it('agrees on a long sequence', async () => {
    const draw = draws(5)
    const example = layer(draw, op, { steps: 60, optional: 1, attributes: own(draw) })
    const { exact, run } = await checkGradient(runtime, example, { probes: 4 })
    expect(exact).toBeLessThan(1e-6)
    expect(run).toBeLessThan(1e-4)
  })

  it('names the node and what of it cannot be differentiated', async () => {
    const draw = draws(6)
    const gradientOf = ({ model, inputs }: Example) => {
      const [result] = model.graph.outputs
      const sum = { op: 'ReduceSum', domain: '', name: '', inputs: [result!.name], outputs: ['loss'] }
      const nodes = [...model.graph.nodes, { ...sum, attributes: { keepdims: int(0) } }]
      const whole = { ...model, graph: { ...model.graph, nodes, outputs: [{ name: 'loss' }] } }
      return differentiate(runtime, whole, { loss: 'loss', parameters: ['input_1'], inputs })
    }
    const clipped = layer(draw, op, { attributes: { clip: float(3) } })
    await expect(gradientOf(clipped)).rejects.toThrow(`${op} "node" has the attribute clip`)
    const long = layer(draw, op, { steps: 1001 })
    await expect(gradientOf(long)).rejects.toThrow(`${op} "node" goes through 1001 steps: at most 1000`)
  })
})
