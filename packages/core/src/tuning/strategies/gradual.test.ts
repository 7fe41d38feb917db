import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { compileStep, runStep, type StepOptions, sgd, softmaxCrossEntropy } from '../../training/index.ts'
import type { StrategyContext } from '../strategy.ts'
import { gradual } from './gradual.ts'
import { parted, thawingPhases } from './gradual-phases.ts'
import { slantedTriangle } from './gradual-schedule.ts'
import { strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('the slanted triangle', () => {
  it('rises over the first tenth to the rate and falls to nearly a 32nd, as in the paper', () => {
    const rates = Array.from({ length: 40 }, (_, step) => slantedTriangle(0.32, 0.1, 32)(step, 40))
    const at = (p: number) => (0.32 * (1 + 31 * p)) / 32
    expect(rates.slice(0, 6)).toEqual([at(0), at(1 / 4), at(2 / 4), at(3 / 4), 0.32, at(1 - 1 / 36)])
    expect(rates[39]).toBeCloseTo(at(1 - 35 / 36), 12)
  })

  it('stays between the two rates for any number of steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 0.9, noNaN: true }), (steps, rising) => {
        const rates = Array.from({ length: steps }, (_, step) => slantedTriangle(1, rising, 32)(step, steps))
        for (const rate of rates) expect(rate >= 1 / 32 - 1e-12 && rate <= 1 + 1e-12).toBe(true)
        expect(Math.max(...rates)).toBeCloseTo(1, 12)
      }),
    )
  })
})

describe('thawing', () => {
  const groups = ['a', 'b', 'c', 'd'].map((name) => [name])
  const names = ['a', 'b', 'c', 'd', 'head']
  const said = (epochs: number, each = 1) =>
    thawingPhases(groups, ['head'], epochs, each).map(
      (phase) => `${names.filter((name) => phase.trainable!(name)).join(' ')}: ${phase.epochs}`,
    )

  it('begins with the head and adds a group an epoch, last to first', () => {
    expect(said(10)).toEqual(['head: 1', 'd head: 1', 'c d head: 1', 'b c d head: 1', 'a b c d head: 6'])
    expect(said(11, 2)).toEqual(['head: 2', 'd head: 2', 'c d head: 2', 'b c d head: 2', 'a b c d head: 3'])
  })

  it('thaws several groups at once where epochs are few', () => {
    expect(said(3)).toEqual(['head: 1', 'c d head: 1', 'a b c d head: 1'])
    expect(said(1)).toEqual(['a b c d head: 1'])
  })

  it('spends all epochs and ends with everything, whatever the numbers', () => {
    fc.assert(
      fc.property(
        fc.nat(30),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (count, epochs, each) => {
          const groups = Array.from({ length: count }, (_, i) => [`${i}`])
          const phases = thawingPhases(groups, ['head'], epochs, each)
          expect(phases.reduce((sum, phase) => sum + phase.epochs, 0)).toBe(epochs)
          for (const phase of phases) expect(phase.epochs > 0 && phase.trainable!('head')).toBe(true)
          for (const [name] of groups) expect(phases.at(-1)!.trainable!(name!)).toBe(true)
        },
      ),
    )
  })

  it('gathers in order', () => {
    expect(parted([1, 2, 3, 4, 5], 2)).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    expect(parted([], 0)).toEqual([])
  })
})

describe('gradual unfreezing', () => {
  const plan = (context: StrategyContext, options = {}) =>
    gradual.plan(context, gradual.options.parse(options)) as Exclude<ReturnType<typeof gradual.plan>, Promise<unknown>>

  /** How far each parameter moves in one step of plain gradient descent. */
  async function moves(context: StrategyContext, options: Partial<StepOptions>): Promise<Record<string, number[]>> {
    const rows = Int32Array.from({ length: 8 }, (_, i) => i)
    const target: Tensor = {
      type: 'int64',
      dims: [8],
      data: BigInt64Array.from(rows, (row) => BigInt(context.labels[row]!)),
    }
    const batch = { input: await context.inputs(rows, 1), target }
    const losses = [softmaxCrossEntropy({ logits: 'logits' })]
    const step = await compileStep(runtime, context.network, { batch, losses, optimiser: sgd(), ...options })
    const { state } = await runStep(runtime, step, step.start, batch, { step: 0, learningRate: 1 })
    return Object.fromEntries(
      Object.entries(step.start).map(([name, { data }]) => [
        name,
        Array.from(data as Float32Array, (before, k) => (state[name]!.data as Float32Array)[k]! - before),
      ]),
    )
  }

  it('moves each earlier block by a rate 2.6 times lower', async () => {
    const context = await strategyContext(runtime, { epochs: 5 })
    const { groups } = plan(context)
    const [plain, graded] = [await moves(context, {}), await moves(context, { groups: groups! })]
    const factors = { 'head.weight': 1, 'second.weight': 1 / 2.6, 'first.weight': 1 / 2.6 ** 2 }
    for (const [name, factor] of Object.entries(factors)) {
      expect(Math.max(...plain[name]!.map(Math.abs))).toBeGreaterThan(1e-3)
      for (const [k, move] of graded[name]!.entries()) expect(move).toBeCloseTo(factor * plain[name]![k]!, 6)
    }
  })

  it('moves in each phase only what has thawed', async () => {
    const context = await strategyContext(runtime, { epochs: 5 })
    const moved = await Promise.all(
      plan(context).phases!.map(async ({ trainable }) => Object.keys(await moves(context, { trainable: trainable! }))),
    )
    const [first, second] = context.blocks
    expect(moved.map((names) => names.sort())).toEqual(
      [[...context.head], [...second!, ...context.head], [...first!, ...second!, ...context.head]].map((names) =>
        names.sort(),
      ),
    )
  })

  it('gathers many blocks, and leaves out those without parameters', async () => {
    const context = await strategyContext(runtime)
    const blocks = Array.from({ length: 9 }, (_, i) => (i % 3 === 0 ? [] : [`w${i}`]))
    const { groups, facts } = plan({ ...context, blocks, epochs: 20 }, { groups: 3 })
    expect(facts).toEqual({ groups: 3, phases: 4 })
    expect(groups!.map(({ match }) => blocks.flat().filter(match))).toEqual([
      ['w1', 'w2'],
      ['w4', 'w5'],
      ['w7', 'w8'],
    ])
    expect(plan({ ...context, blocks: [] }).phases).toHaveLength(1)
  })
})
