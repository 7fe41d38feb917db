import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { permute } from '../indexing.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const gates: Readonly<Record<string, number>> = { RNN: 1, GRU: 3, LSTM: 4 }
const activationCounts: Readonly<Record<string, number>> = { RNN: 1, GRU: 2, LSTM: 3 }
const opsets = [7, 14, 17, 22]

const withBeta = ['Affine', 'ScaledTanh', 'HardSigmoid']
const withAlpha = [...withBeta, 'LeakyRelu', 'ThresholdedRelu', 'Elu']
const activations = [...withAlpha, 'Relu', 'Tanh', 'Sigmoid', 'Softsign', 'Softplus']

/** A layer with every optional input there or not. */
function layer(draw: Draws, op: string, complete = false) {
  const [steps, batch, size, hidden] = draw.several(4, 1, 4)
  const direction = draw.pick(['forward', 'reverse', 'bidirectional'])
  const directions = direction === 'bidirectional' ? 2 : 1
  const width = gates[op] * hidden
  const small = (dims: number[]) => draw.uniform(dims, -0.8, 0.8)
  const maybe = (input: Tensor) => (complete || draw.chance(0.5) ? input : undefined)
  const lengths = tensor('int32', [batch], Int32Array.from(draw.several(batch, 1, steps)))
  const state = () => small([directions, batch, hidden])
  const inputs = [
    small([steps, batch, size]),
    small([directions, width, size]),
    small([directions, width, hidden]),
    maybe(small([directions, 2 * width])),
    maybe(lengths),
    maybe(state()),
    ...(op === 'LSTM' ? [maybe(state()), maybe(small([directions, 3 * hidden]))] : []),
  ]
  const attributes: Record<string, Attribute> = {
    hidden_size: int(hidden),
    ...(direction === 'forward' && draw.chance(0.5) ? {} : { direction: text(direction) }),
  }
  return { inputs, attributes, directions, outputs: op === 'LSTM' ? 3 : 2 }
}

describe.each(['RNN', 'GRU', 'LSTM'])('%s', (op) => {
  it('agrees with ONNX Runtime in all directions, with states, lengths and biases or without', async () => {
    const draw = draws(1)
    for (let i = 0; i < 80; i++) {
      const { inputs, attributes, outputs } = layer(draw, op)
      const more: Record<string, Attribute> = {
        ...(op === 'GRU' && draw.chance(0.5) ? { linear_before_reset: int(1) } : {}),
        ...(draw.chance(0.3) ? { clip: float(0.5) } : {}),
        ...(op === 'LSTM' && draw.chance(0.3) ? { input_forget: int(1) } : {}),
      }
      const example = oneNode(op, inputs, { ...attributes, ...more }, { opset: draw.pick(opsets), outputs })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('agrees with other activations', async () => {
    const draw = draws(2)
    for (let i = 0; i < 60; i++) {
      const { inputs, attributes, outputs, directions } = layer(draw, op)
      const count = directions * activationCounts[op]
      const picked = Array.from({ length: count }, () => draw.pick(activations))
      const numbers = (list: readonly string[]) =>
        picked.filter((name) => list.includes(name)).map(() => draw.pick([0.3, 0.7, 1.2]))
      const named: Record<string, Attribute> = {
        activations: { type: 'strings', value: picked },
        activation_alpha: { type: 'floats', value: numbers(withAlpha) },
        activation_beta: { type: 'floats', value: numbers(withBeta) },
      }
      const example = oneNode(op, inputs, { ...attributes, ...named }, { outputs })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })

  it('takes and gives the batch first in layout 1', () => {
    const draw = draws(3)
    for (let i = 0; i < 20; i++) {
      const { inputs, attributes, outputs } = layer(draw, op, true)
      const states = op === 'LSTM' ? [5, 6] : [5]
      const turned = inputs.map((each, at) =>
        each !== undefined && [0, ...states].includes(at) ? batchFirst(each) : each,
      )
      const run = (given: (Tensor | undefined)[], layout: number) => {
        const { model, inputs: fed } = oneNode(op, given, { ...attributes, layout: int(layout) }, { outputs })
        return model.graph.outputs.map(({ name }) => interpret(model, fed).values.get(name)!)
      }
      const orders = [
        [2, 0, 1, 3],
        [1, 0, 2],
        [1, 0, 2],
      ]
      const expected = run(inputs, 0).map(({ dims, data }, at) => ({
        kind: 'float',
        dims: orders[at].map((axis) => dims[axis]),
        data: permute(data, dims, orders[at]),
      }))
      expect(run(turned, 1)).toEqual(expected)
    }
  })

  it('names the node with activations that it cannot have', () => {
    const { inputs, attributes } = layer(draws(4), op)
    const run = (value: string[]) => {
      const { model, inputs: fed } = oneNode(op, inputs, { ...attributes, activations: { type: 'strings', value } })
      return () => interpret(model, fed)
    }
    expect(run([])).toThrow(`${op} "node" needs`)
    const { directions } = layer(draws(4), op)
    expect(run(new Array(directions * activationCounts[op]).fill('Sine'))).toThrow('unknown activation "Sine"')
  })
})

const batchFirst = ({ dims, data }: Tensor): Tensor => {
  const order = [1, 0, 2]
  const moved = permute(Float64Array.from(data as Float32Array), dims, order)
  return tensor(
    'float32',
    order.map((axis) => dims[axis]),
    Float32Array.from(moved),
  )
}
