import { afterAll, describe, expect, it } from 'vitest'
import { cutTo } from '../../autodiff/index.ts'
import { interpret } from '../../interpreter/index.ts'
import type { Model } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import type { StrategyContext } from '../strategy.ts'
import { delta } from './delta.ts'
import { attention, channelAttention } from './delta-attention.ts'
import { asTrained, featureMaps } from './delta-layers.ts'
import { lossModel, moved, strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const rows = Int32Array.of(3, 1, 6, 2)

describe('feature maps', () => {
  it('are what blocks end with, before pooling to one place', async () => {
    const context = await strategyContext(runtime, { network: 'convolution' })
    const maps = await featureMaps(context, 4)
    expect(maps.map(({ axis, rank, channels, places }) => [axis, rank, channels, places])).toEqual([
      [1, 4, 3, 36],
      [1, 4, 4, 36],
    ])
    const producers = maps.map(
      ({ value }) => context.network.graph.nodes.find(({ outputs }) => outputs[0] === value)?.op,
    )
    expect(producers).toEqual(['Relu', 'Relu'])
    expect(await featureMaps(context, 1)).toEqual(maps.slice(1))
  })

  it('are rows of numbers in a perceptron', async () => {
    const maps = await featureMaps(await strategyContext(runtime), 2)
    expect(maps.map(({ rank, channels, places }) => [rank, channels, places])).toEqual([
      [2, 6, 1],
      [2, 4, 1],
    ])
  })
})

/** The mean cross-entropy of the new head where a value's channel is zero, by the interpreter. */
function lossWithout(
  context: StrategyContext,
  network: Model,
  value: string,
  channel: number,
  places: number,
  input: Awaited<ReturnType<StrategyContext['inputs']>>,
): number {
  const run = interpret(cutTo(network, [{ name: 'logits' }]), { input })
  const map = run.values.get(value)!
  const channels = map.dims[1]!
  const data = map.data.map((each, k) => (Math.floor(k / places) % channels === channel ? 0 : each))
  const logits = run.withChanged(value, { ...map, data }, 'logits')
  return rows.reduce((sum, row, i) => {
    const z = logits.data.subarray(i * context.classes, (i + 1) * context.classes)
    const total = z.reduce((all, each) => all + Math.exp(each), 0)
    return sum - (z[context.labels[row]!]! - Math.log(total)) / rows.length
  }, 0)
}

describe('attention', () => {
  it('is the softmax of a fifth of standardised increases', () => {
    const found = attention(Float64Array.of(1, 3, 5))
    const z = Math.sqrt(1.5) / 5
    const powers = [-z, 0, z].map(Math.exp)
    const total = powers.reduce((sum, each) => sum + each, 0)
    powers.forEach((each, i) => {
      expect(Math.abs(found[i]! - each / total)).toBeLessThan(1e-12)
    })
    expect([...attention(Float64Array.of(2, 2))]).toEqual([0.5, 0.5])
  })

  it.each(['convolution', 'perceptron'] as const)(
    'follows what the loss of a %s loses without a channel',
    async (kind) => {
      const context = await strategyContext(runtime, { network: kind })
      const network = asTrained(context.network)
      const input = await context.inputs(rows, 0)
      for (const map of await featureMaps(context, 2)) {
        const { value, channels, places } = map
        const whole = lossWithout(context, network, value, -1, places, input)
        const increases = Float64Array.from(
          { length: channels },
          (_, channel) => lossWithout(context, network, value, channel, places, input) - whole,
        )
        const expected = attention(increases)
        const found = await channelAttention(context, map, rows, () => undefined)
        found.forEach((each, i) => {
          expect(Math.abs(each - expected[i]!)).toBeLessThan(1e-5)
        })
        expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(0.01)
      }
    },
  )
})

describe('delta', () => {
  const options = delta.options.parse({ alpha: 0.5, beta: 0.1, layers: 2, rows: 4 })

  it.each(['convolution', 'perceptron'] as const)(
    'is the weighted distance of the feature maps of a %s',
    async (kind) => {
      const context = await strategyContext(runtime, { network: kind })
      const after = moved(context)
      const input = await context.inputs(rows, 1)
      const uniform = await delta.plan(context, { ...options, attention: false })
      const example = lossModel(after, uniform.losses![0]!, { input })
      const maps = await featureMaps(context, 2)
      const [now, before] = [after, context.network].map((model) => interpret(asTrained(model), { input }).values)
      const expected = maps.reduce((sum, { value, channels }) => {
        const [s, t] = [now!.get(value)!.data, before!.get(value)!.data]
        // C W_c = 1, and the mean over rows and places of each channel.
        return sum + s.reduce((all, each, k) => all + (each - t[k]!) ** 2, 0) / (s.length / channels) / 2
      }, 0)
      expect(
        Math.abs(interpret(example.model, example.inputs).values.get('value')!.data[0]! / expected - 1),
      ).toBeLessThan(1e-9)
      expect(uniform.losses!.map(({ name, weight }) => [name, weight])).toEqual([
        ['behaviour', 0.5],
        ['head', 0.1],
      ])
      const attended = await delta.plan(context, options)
      for (const { losses } of [uniform, attended]) {
        const check = await checkGradient(runtime, lossModel(after, losses![0]!, { input }), {
          by: context.blocks.flat(),
        })
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(1e-3)
      }
    },
  )

  it('is nothing at the start', async () => {
    const context = await strategyContext(runtime, { network: 'convolution' })
    const { losses } = await delta.plan(context, options)
    const { model, inputs } = lossModel(context.network, losses![0]!, { input: await context.inputs(rows, 1) })
    expect((await runtime.run(model, inputs)).value!.data[0]).toBe(0)
  })

  it('compares nothing where only the head is trained', async () => {
    const context = { ...(await strategyContext(runtime)), blocks: [] }
    const { losses } = await delta.plan(context, options)
    const { model, inputs } = lossModel(context.network, losses![0]!, { input: await context.inputs(rows, 1) })
    expect((await runtime.run(model, inputs)).value!.data[0]).toBe(0)
  })
})
