import { afterAll, describe, expect, it } from 'vitest'
import type { Model } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { fineTune } from '../fine-tune.ts'
import type { Strategy } from '../strategy.ts'
import { tuningSettings } from '../tuning-settings.ts'
import { bss } from './bss.ts'
import { delta } from './delta.ts'
import { featureMaps } from './delta-layers.ts'
import { ewc } from './ewc.ts'
import { full } from './full.ts'
import { l2Sp } from './l2-sp.ts'
import { lwf } from './lwf.ts'
import { strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const context = await strategyContext(runtime, { network: 'convolution', oldTask: true })
const all = Int32Array.from({ length: context.rows }, (_, i) => i)
const settings = { ...tuningSettings.parse({ learningRate: 0.01, batchSize: 10 }), labelSmoothing: 0 }

/** 24 rows in batches of 10, the last one of 4. */
async function tuned(strategy: Strategy, options: Readonly<Record<string, unknown>> = {}) {
  const plan = await strategy.plan(context, strategy.options.parse(options))
  const { network, input, labels, inputs } = context
  const request = { network, parts: [1], input, plan, training: { labels, inputs }, settings, epochs: 25, seed: 1 }
  return fineTune(runtime, request)
}

const numbersOf = (network: Model, name: string) => [...(network.graph.initializers.get(name)!.data as Float32Array)]

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((each, i) => each - b[i]!))

/** How far parameters are from where they started. */
const moved = (network: Model, names: readonly string[]): number =>
  Math.hypot(...names.map((name) => distance(numbersOf(network, name), numbersOf(context.network, name))))

/** How far what the network gives under a name (of `old`, the probabilities) is from what it gave, on the training rows or the old ones. */
async function changed(network: Model, name: string, rows: 'new' | 'old'): Promise<number> {
  const input = rows === 'new' ? await context.inputs(all, 1) : await context.oldTask!.inputs(all)
  const [now, before] = await Promise.all(
    [network, context.network].map(async (each) => {
      const asked = { ...each, graph: { ...each.graph, outputs: [{ name }] } }
      const given = [...((await runtime.run(asked, { input }))[name]!.data as Float32Array)]
      return name === 'old' ? probabilities(given, context.oldHead!.classes) : given
    }),
  )
  return distance(now!, before!)
}

/** The softmax of rows of `width`. */
const probabilities = (scores: readonly number[], width: number): number[] =>
  scores.map((z, k) => {
    const row = scores.slice(k - (k % width), k - (k % width) + width)
    return 1 / row.reduce((sum, other) => sum + Math.exp(other - z), 0)
  })

const free = await tuned(full)
const pretrained = context.blocks.flat()

describe('with a large weight', () => {
  it('training without any penalty moves everything and learns the labels', async () => {
    expect(moved(free.network, pretrained)).toBeGreaterThan(0.5)
    expect(await changed(free.network, 'old', 'old')).toBeGreaterThan(1)
    expect(free.epochs.at(-1)!.loss).toBeLessThan(0.7 * free.epochs[0]!.loss)
  })

  it('l2-sp leaves the pretrained weights where they are; the head alone learns', async () => {
    const { network } = await tuned(l2Sp, { alpha: 1e4, beta: 0 })
    expect(moved(network, pretrained)).toBeLessThan(0.05 * moved(free.network, pretrained))
    expect(moved(network, context.head)).toBeGreaterThan(0.1)
  })

  it('ewc keeps what the old head says of old rows', async () => {
    const { network } = await tuned(ewc, { lambda: 1e4, rows: 24 })
    expect(await changed(network, 'old', 'old')).toBeLessThan(0.3 * (await changed(free.network, 'old', 'old')))
    expect(moved(network, context.head)).toBeGreaterThan(0.1)
  })

  it('lwf keeps what the old head says of the new rows', async () => {
    const { network } = await tuned(lwf, { lambda: 30 })
    expect(await changed(network, 'old', 'new')).toBeLessThan(0.3 * (await changed(free.network, 'old', 'new')))
    expect(moved(network, ['old.weight'])).toBeGreaterThan(0.001)
  })

  it('delta keeps the feature maps, attended to or not', async () => {
    for (const attention of [true, false]) {
      const { network } = await tuned(delta, { alpha: 1e4, beta: 0, attention })
      for (const { value } of await featureMaps(context, 2)) {
        expect(await changed(network, value, 'new')).toBeLessThan(0.1 * (await changed(free.network, value, 'new')))
      }
    }
  })

  it('bss shrinks the smallest singular values', async () => {
    const spectrumAfter = async (eta: number) => (await tuned(bss, { eta, k: 3 })).epochs.at(-1)!.losses.spectrum!
    expect(await spectrumAfter(1)).toBeLessThan(0.2 * (await spectrumAfter(0)))
  })
})

it('the same seed gives the same weights', async () => {
  for (const [strategy, options] of [
    [ewc, { rows: 5 }],
    [delta, { rows: 5 }],
  ] as const) {
    const [one, other] = [await tuned(strategy, options), await tuned(strategy, options)]
    for (const name of pretrained) expect(numbersOf(one.network, name)).toEqual(numbersOf(other.network, name))
  }
})
