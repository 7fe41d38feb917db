import { afterAll, describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { builderOn, graphBuilder, type Model, upgradeModel } from '../../onnx/index.ts'
import { nodeRuntime, type Tensors } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { filled } from '../../testing/small-network.ts'
import { type LossTerm, withLoss } from '../../training/index.ts'
import type { StrategyContext, TuningPlan } from '../strategy.ts'
import { conservative } from './conservative.ts'
import { biasesOf } from './conservative-biases.ts'
import { strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const plan = (context: StrategyContext, options = {}) =>
  conservative.plan(context, conservative.options.parse(options)) as TuningPlan
const trainedBy = (context: StrategyContext, options = {}) => {
  const names = [...context.blocks.flat(), ...context.head, ...(context.oldHead?.parameters ?? [])]
  return names.filter(plan(context, options).trainable!)
}
const rows = Int32Array.of(0, 5, 2, 7)
const softmax = (row: number[]) => {
  const shares = row.map(Math.exp)
  return shares.map((share) => share / shares.reduce((a, b) => a + b))
}
const rowsOf = ({ dims, data }: Tensor) =>
  Array.from({ length: dims[0]! }, (_, i) =>
    Array.from((data as Float32Array).subarray(i * dims[1]!, (i + 1) * dims[1]!)),
  )

describe('conservative training', () => {
  it('takes few epochs at a low rate, and stops early', async () => {
    const context = await strategyContext(runtime, { epochs: 30 })
    expect(plan(context)).toMatchObject({ phases: [{ epochs: 5 }], rate: 0.1, patience: 2 })
    expect(plan({ ...context, epochs: 2 }, { patience: 4 })).toMatchObject({ phases: [{ epochs: 2 }], patience: 4 })
  })

  it('trains all, the last block or the biases, and the head', async () => {
    const context = await strategyContext(runtime)
    const [first, second] = [
      ['first.weight', 'first.bias'],
      ['second.weight', 'second.bias'],
    ]
    const head = ['head.weight', 'head.bias']
    expect(trainedBy(context)).toEqual([...first, ...second, ...head])
    expect(trainedBy(context, { train: 'last' })).toEqual([...second, ...head])
    expect(trainedBy(context, { train: 'biases' })).toEqual(['first.bias', 'second.bias', ...head])
    expect(trainedBy({ ...context, blocks: [] }, { train: 'last' })).toEqual(head)
  })

  it('knows a bias by what the network does with it', () => {
    const graph = graphBuilder('biases')
    const x = graph.input('x', 'float32', ['N', 2])
    const constant = (name: string, dims: number[]) =>
      graph.constant(
        filled(dims, (k) => k + 1),
        name,
      )
    const product = graph.node('MatMul', [x, constant('weight', [2, 3])])
    const added = graph.node('Add', [constant('bias', [3]), product])
    const scaled = graph.node('Mul', [added, constant('scale', [3])])
    const position = graph.node('Add', [scaled, constant('position', [2, 3])])
    graph.output('y', position, 'float32', ['N', 3])
    expect([...biasesOf(graph.model())]).toEqual(['bias'])
  })
})

describe('keeping probabilities where they were', () => {
  /** The network with its weights changed, the loss on some rows, and its gradients. */
  async function closenessOf(context: StrategyContext, options: object, change: number) {
    const { losses, inputs } = plan(context, options)
    const input = await context.inputs(rows, 1)
    const batch = { input, ...(await inputs!(input, rows, 1)) }
    const network = changed(context.network, change)
    const [term] = losses as [LossTerm]
    const model = withLoss(network, [{ ...term, weight: 1 }], batch)
    const parameters = [...context.blocks.flat(), ...context.head]
    const found = await gradients(runtime, model, { loss: 'loss', parameters, inputs: batch })
    const largest = Math.max(
      ...[...found.gradients.values()].flatMap(({ data }) => Array.from(data as Float32Array, Math.abs)),
    )
    return { ...found, largest, input, network, term }
  }

  it.each([
    ['logits', 'new-head', 'logits'],
    ['logits', 'old-head', 'old'],
    ['probabilities', 'old-head', 'old'],
  ] as const)('is the cross-entropy from those at the start: %s, %s', async (oldHead, keep, output) => {
    const context = await strategyContext(runtime, { oldHead })
    const found = await closenessOf(context, { keep }, 0.3)
    const said = async (network: Model) => {
      const values = rowsOf((await runtime.run(network, { input: found.input }))[output]!)
      return oldHead === 'probabilities' ? values : values.map(softmax)
    }
    const [before, now] = [await said(context.network), await said(found.network)]
    const entropies = before.map((p, i) => -p.reduce((sum, share, c) => sum + share * Math.log(now[i]![c]!), 0))
    expect(found.loss).toBeCloseTo(entropies.reduce((a, b) => a + b) / 4, 5)
    expect(found.largest).toBeGreaterThan(1e-2)
  })

  it('pulls nowhere at the start', async () => {
    const context = await strategyContext(runtime)
    expect((await closenessOf(context, { keep: 'old-head' }, 0)).largest).toBeLessThan(1e-6)
  })

  it('weighs it against the labels by rho, and trains the old head along', async () => {
    const context = await strategyContext(runtime)
    expect(plan(context, { keep: 'new-head', rho: 0.75 }).losses![0]!.weight).toBeCloseTo(3, 12)
    expect(plan(context, { rho: 0.75 }).losses).toBeUndefined()
    expect(trainedBy(context, { keep: 'new-head' })).not.toContain('old.weight')
    expect(trainedBy(context, { keep: 'old-head' })).toContain('old.weight')
    const without = await strategyContext(runtime, { oldHead: null })
    expect(() => plan(without, { keep: 'old-head' })).toThrow(/needs the head that the network came with.*new-head/)
  })

  it.each(['logits', 'probabilities'] as const)('has the gradients of central differences: %s', async (oldHead) => {
    const context = await strategyContext(runtime, { oldHead })
    const { term, input } = await closenessOf(context, { keep: 'old-head' }, 0.3)
    const given = filled([4, 4], (k) => 0.25 + 0.2 * Math.sin(k)) as Tensor
    const batch: Tensors = { input, 'probabilities at the start': given }
    const graph = builderOn(upgradeModel(changed(context.network, 0.3)))
    graph.output('closeness', term.build(graph, batch), 'float32', [])
    const { graph: inner, ...rest } = graph.model()
    const open = ['first.weight', 'second.weight', 'old.weight']
    const model = {
      ...rest,
      graph: {
        ...inner,
        inputs: [
          ...inner.inputs,
          ...open.map((name) => ({ name, type: 'float32' as const, dims: inner.initializers.get(name)!.dims })),
        ],
        outputs: inner.outputs.filter(({ name }) => name === 'closeness'),
        initializers: new Map([...inner.initializers].filter(([name]) => !open.includes(name))),
      },
    }
    const inputs = { ...batch, ...Object.fromEntries(open.map((name) => [name, inner.initializers.get(name)!])) }
    const check = await checkGradient(runtime, { model, inputs }, { by: open })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-4)
  })
})

/** The model with every stored number multiplied by `1 + by · sin k`. */
function changed(model: Model, by: number): Model {
  const initializers = [...model.graph.initializers].map(([name, tensor]): [string, Tensor] => [
    name,
    { ...tensor, data: (tensor.data as Float32Array).map((value, k) => value * (1 + by * Math.sin(k))) },
  ])
  return { ...model, graph: { ...model.graph, initializers: new Map(initializers) } }
}
