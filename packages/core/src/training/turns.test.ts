import { describe, expect, it } from 'vitest'
import { stopGradient } from '../autodiff/index.ts'
import { mlp } from '../networks/index.ts'
import { int, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { constantRate, type LossTerm, sgd, softmaxCrossEntropy, type TrainOptions, train } from './index.ts'

const random = seededRandom(7)
const x: Tensor = { type: 'float32', dims: [12, 3], data: Float32Array.from({ length: 36 }, () => random.normal()) }
const target: Tensor = { type: 'int64', dims: [12], data: BigInt64Array.from({ length: 12 }, (_, i) => BigInt(i % 2)) }
const model = mlp({ inputs: 3, hidden: [5], classes: 2, random: seededRandom(1) })
const crossEntropy = softmaxCrossEntropy({ logits: 'logits', target: 'target' })
const runtime = await nodeRuntime()
const isHead = (name: string) => name.startsWith('fc2')
const isBody = (name: string) => name.startsWith('fc1')

const run = (start: Model, options: Partial<TrainOptions>) =>
  train(runtime, start, {
    data: { rows: 12, order: 'kept', batch: () => ({ x, target }) },
    epochs: 1,
    batchSize: 12,
    losses: [crossEntropy],
    schedule: constantRate(0.5),
    optimiser: sgd(),
    ...options,
  })
const weights = ({ graph }: Model) =>
  [...graph.initializers].flatMap(([name, { data }]) => (/weight|bias/.test(name) ? [...(data as Float32Array)] : []))
const expectClose = (got: Model, wanted: Model) => {
  const expected = weights(wanted)
  for (const [i, value] of weights(got).entries()) expect(value).toBeCloseTo(expected[i]!, 6)
}

describe('several turns on each batch', () => {
  it('are the updates one after the other, each seeing what those before it changed', async () => {
    const { model: both } = await run(model, {
      turns: [
        { losses: [crossEntropy], trainable: isHead, times: 2 },
        { losses: [crossEntropy], trainable: isBody },
      ],
    })
    let byHand = model
    for (const trainable of [isHead, isHead, isBody]) byHand = (await run(byHand, { trainable })).model
    expectClose(both, byHand)
    // The order matters: the body’s gradient is that behind the new head.
    const other = (await run((await run(model, { trainable: isBody })).model, { trainable: isHead })).model
    expect(Math.max(...weights(both).map((value, i) => Math.abs(value - weights(other)[i]!)))).toBeGreaterThan(1e-4)
  })

  it('may pull one against the other, and report each loss once', async () => {
    const { model: after, history } = await run(model, {
      epochs: 3,
      turns: [
        { losses: [crossEntropy, { ...crossEntropy, name: 'only measured', weight: 0 }], trainable: isHead },
        { losses: [{ ...crossEntropy, weight: -1 }], trainable: isHead },
      ],
    })
    expect(Object.keys(history[0]!.losses)).toEqual(['cross-entropy', 'only measured'])
    expect(history[0]!.losses['only measured']).toBeCloseTo(history[0]!.loss, 6)
    // What the first turn gains the second takes back, but for the curvature.
    expect(Math.abs(history[2]!.loss - history[0]!.loss)).toBeLessThan(0.1)
    expect(weights(after).every(Number.isFinite)).toBe(true)
  })

  it('leave what none of them trains as it was', async () => {
    const { model: after } = await run(model, { turns: [{ losses: [crossEntropy], trainable: isHead }] })
    const first = (m: Model) => [...(m.graph.initializers.get('fc1.weight')!.data as Float32Array)]
    expect(first(after)).toEqual(first(model))
  })

  it('normalise by the batch what any of them trains', async () => {
    const normalised = mlp({ inputs: 3, hidden: [5], classes: 2, random: seededRandom(1), normalised: true })
    const options = { batchNormalisation: 'batch', schedule: constantRate(1e-6) } as const
    const whole = await run(normalised, options)
    const turns = [isHead, isBody].map((trainable) => ({ losses: [crossEntropy], trainable }))
    const { model: after, history } = await run(normalised, { ...options, turns })
    expect(history[0]!.loss).toBeCloseTo(whole.history[0]!.loss, 6)
    const mean = ({ graph }: Model) => Number(graph.initializers.get('fc1.norm.mean')!.data[0])
    // Two updates, each a tenth of the way to the same mean.
    expect(mean(after)).toBeCloseTo(1.9 * mean(whole.model), 4)
  })

  it('measure, and see behind a stopped gradient, what another has made of the parameters', async () => {
    const stopped: LossTerm = {
      name: 'stopped',
      build: (graph) => {
        const gap = graph.node('Sub', [stopGradient(graph, 'logits'), 'fc2.bias'])
        return graph.node('ReduceSumSquare', [gap], { keepdims: int(0) })
      },
    }
    const turns = [
      { losses: [stopped, { ...crossEntropy, weight: 0 }], trainable: (name: string) => name === 'fc2.bias' },
      { losses: [crossEntropy], trainable: isBody },
    ]
    const options = { schedule: constantRate(0.01) }
    const both = await run(model, { ...options, turns, epochs: 2 })
    const first = await run(model, { ...options, turns })
    const second = await run(first.model, { ...options, turns })
    expect(both.history[1]!.losses).toEqual(second.history[0]!.losses)
    expect(both.history[1]!.losses['cross-entropy']).not.toBe(both.history[0]!.losses['cross-entropy'])
  })

  it('are refused where one is to be taken no times', async () => {
    const turns = [{ losses: [crossEntropy], times: 0 }]
    await expect(run(model, { turns })).rejects.toThrow('1 or more, got 0')
  })
})

describe('inputs that depend on the weights of the moment', () => {
  it('are asked for before each step, and notes after each epoch', async () => {
    const seen: number[] = []
    const { history } = await run(model, {
      epochs: 2,
      batchSize: 6,
      losses: [softmaxCrossEntropy({ logits: 'logits', target: 'late' })],
      data: { rows: 12, order: 'kept', batch: () => ({ x: part(x) }) },
      inputs: ({ rows, epoch, step, weights: now }) => {
        seen.push(10 * epoch + step)
        expect([...rows]).toEqual(Array.from({ length: 6 }, (_, i) => 6 * step + i))
        expect(now['fc1.weight']!.dims).toEqual([5, 3])
        return { late: { ...target, dims: [6], data: (target.data as BigInt64Array).slice(0, 6) } as Tensor }
      },
      notes: (now) => ({ largest: Math.max(...(now['fc2.bias']!.data as Float32Array)) }),
    })
    // The first one is asked for once more, to compile the step.
    expect(seen).toEqual([10, 10, 11, 20, 21])
    expect(history.map(({ notes }) => Object.keys(notes!))).toEqual([['largest'], ['largest']])
    expect(history[0]!.notes!.largest).not.toBe(history[1]!.notes!.largest)
  })
})

const part = ({ data }: Tensor): Tensor => ({
  type: 'float32',
  dims: [6, 3],
  data: (data as Float32Array).slice(0, 18),
})
