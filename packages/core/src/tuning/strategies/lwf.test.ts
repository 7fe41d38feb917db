import { afterAll, describe, expect, it } from 'vitest'
import { interpret } from '../../interpreter/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import type { OldHead } from '../strategy.ts'
import { lwf } from './lwf.ts'
import { lossModel, moved, strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const rows = Int32Array.of(4, 0, 7)

/** `p^(1/T)`, scaled to sum 1, of an old head's output for a row: the paper's own words. */
function softened(output: Float64Array, kind: OldHead['kind'], temperature: number): number[] {
  const total = output.reduce((sum, z) => sum + Math.exp(z), 0)
  const p = Array.from(output, (each) => (kind === 'logits' ? Math.exp(each) / total : each))
  const powers = p.map((each) => each ** (1 / temperature))
  const all = powers.reduce((sum, each) => sum + each, 0)
  return powers.map((each) => each / all)
}

describe.each(['logits', 'probabilities'] as const)('lwf on %s', async (kind) => {
  const context = await strategyContext(runtime, { network: 'convolution', oldHead: kind })
  const { classes, output, parameters } = context.oldHead!
  const after = moved(context)

  it.each([1, 2, 5])('is the cross-entropy of what was recorded and what is said now, at temperature %i', async (t) => {
    const { losses, inputs } = await lwf.plan(context, { lambda: 0.7, temperature: t })
    const input = await context.inputs(rows, 2)
    const batch = { input, ...(await inputs!(input, rows, 2)) }
    const example = lossModel(after, losses![0]!, batch)
    const [was, is] = [context.network, after].map((model) => interpret(model, { input }).values.get(output)!.data)
    const expected = [...rows.keys()].reduce((sum, i) => {
      const [q, p] = [was!, is!].map((all) => softened(all.subarray(i * classes, (i + 1) * classes), kind, t))
      return sum - q!.reduce((all, each, c) => all + each * Math.log(p![c]!), 0) / rows.length
    }, 0)
    expect(Math.abs(interpret(example.model, example.inputs).values.get('value')!.data[0]! - expected)).toBeLessThan(
      1e-6,
    )
    expect(losses![0]!.weight).toBe(0.7)
    const check = await checkGradient(runtime, example, { by: [...context.blocks.flat(), ...parameters] })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-3)
  })

  it('trains the old head along, and has its smallest value where nothing changed', async () => {
    const { losses, inputs, trainable } = await lwf.plan(context, { lambda: 1, temperature: 2 })
    expect([...context.head, ...parameters, 'first.weight', 'first.mean'].map((name) => trainable!(name))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ])
    const input = await context.inputs(rows, 1)
    const batch = { input, ...(await inputs!(input, rows, 1)) }
    const lossOf = async (network: typeof after) => {
      const example = lossModel(network, losses![0]!, batch)
      return Number((await runtime.run(example.model, example.inputs)).value!.data[0])
    }
    expect(await lossOf(context.network)).toBeLessThan(await lossOf(after))
  })
})

it('needs an old head', async () => {
  const context = await strategyContext(runtime, { oldHead: null })
  expect(() => lwf.plan(context, { lambda: 1, temperature: 2 })).toThrow(/needs the head/)
})

it('stays finite where an old probability is 0', async () => {
  const { initializers } = (await strategyContext(runtime, { oldHead: 'probabilities' })).network.graph
  const context = await strategyContext(runtime, { oldHead: 'probabilities' })
  const huge = { ...initializers.get('old.bias')!, data: Float32Array.of(500, 0, 0, -500) }
  const network = {
    ...context.network,
    graph: { ...context.network.graph, initializers: new Map([...initializers, ['old.bias', huge]]) },
  }
  const { losses, inputs } = await lwf.plan({ ...context, network }, { lambda: 1, temperature: 2 })
  const input = await context.inputs(rows, 0)
  const example = lossModel(network, losses![0]!, { input, ...(await inputs!(input, rows, 0)) })
  const check = await checkGradient(runtime, example, { by: ['first.weight', 'old.weight'] })
  expect(Number.isFinite(check.run)).toBe(true)
})
