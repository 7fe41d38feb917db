import { afterAll, describe, expect, it } from 'vitest'
import { interpret } from '../../interpreter/index.ts'
import { nodeRuntime, type Tensors } from '../../runtime/index.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import type { TuningPlan } from '../strategy.ts'
import { l2Sp } from './l2-sp.ts'
import { squaredPenalty } from './l2-sp-penalty.ts'
import { lossModel, moved, strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const context = await strategyContext(runtime, { network: 'convolution' })
const after = moved(context)
const { initializers } = after.graph

/** `½ Σ F (w − w⁰)²` in plain numbers. */
const half = (names: readonly string[], towards: Tensors | undefined, importance?: Tensors): number =>
  names.reduce((sum, name) => {
    const now = initializers.get(name)!.data as Float32Array
    return now.reduce((all, w, i) => {
      const away = w - Number(towards?.[name]?.data[i] ?? 0)
      return all + (Number(importance?.[name]?.data[i] ?? 1) * away * away) / 2
    }, sum)
  }, 0)

describe('l2-sp', () => {
  const plan = l2Sp.plan(context, { alpha: 0.3, beta: 0.2 }) as TuningPlan
  const [distance, head] = plan.losses!

  it('measures how far the pretrained weights are from the start, and how large the head is', () => {
    const names = context.blocks.flat()
    const cases = [
      { term: distance!, expected: half(names, context.start), weight: 0.3, by: names },
      { term: head!, expected: half(context.head, undefined), weight: 0.2, by: context.head },
    ]
    for (const { term, expected, weight, by } of cases) {
      const { model, inputs } = lossModel(after, term, {})
      expect(inputs).toEqual({})
      expect(Math.abs(interpret(model, {}).values.get('value')!.data[0]! / expected - 1)).toBeLessThan(1e-9)
      expect(expected).toBeGreaterThan(0.1)
      expect(term.weight).toBe(weight)
      expect(by.length).toBeGreaterThan(1)
    }
  })

  it('has the gradient of central differences', async () => {
    const check = await checkGradient(runtime, lossModel(after, distance!, {}), { by: context.blocks.flat() })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })

  it('is nothing at the start, and replaces the decay towards zero', () => {
    const { model } = lossModel(context.network, distance!, {})
    expect(interpret(model, {}).values.get('value')!.data[0]).toBe(0)
    expect(plan.weightDecay).toBe(0)
  })
})

describe('a penalty', () => {
  it('weighs every number by its importance', async () => {
    const names = context.blocks.flat()
    const importance = Object.fromEntries(
      names.map((name) => {
        const { dims, data } = context.start[name]!
        return [
          name,
          { type: 'float32' as const, dims, data: Float32Array.from(data as Float32Array, (_, i) => i % 3) },
        ]
      }),
    )
    const term = squaredPenalty({ name: 'p', weight: 1, parameters: names, towards: context.start, importance })
    const { model } = lossModel(after, term, {})
    const expected = half(names, context.start, importance)
    expect(Math.abs(interpret(model, {}).values.get('value')!.data[0]! / expected - 1)).toBeLessThan(1e-9)
    expect((await checkGradient(runtime, { model, inputs: {} }, { by: names })).exact).toBeLessThan(1e-6)
  })

  it('on nothing is zero', () => {
    const { model } = lossModel(after, squaredPenalty({ name: 'p', weight: 1, parameters: [] }), {})
    expect(interpret(model, {}).values.get('value')!.data[0]).toBe(0)
  })
})
