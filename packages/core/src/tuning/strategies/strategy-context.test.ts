import { afterAll, expect, it } from 'vitest'
import { parametersOf } from '../../autodiff/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

it.each(['perceptron', 'convolution'] as const)('makes a %s whose parameters all belong to a part', async (network) => {
  const context = await strategyContext(runtime, { network, oldTask: true, oldHead: 'probabilities' })
  const named = [...context.blocks.flat(), ...context.head, ...context.oldHead!.parameters]
  expect(parametersOf(context.network).sort()).toEqual(named.sort())
  const input = await context.inputs(Int32Array.of(3, 1), 0)
  const outputs = await runtime.run(context.network, { input })
  expect(Object.entries(outputs).map(([name, { dims }]) => [name, ...dims])).toEqual([
    ['embedding', 2, 4],
    ['logits', 2, 3],
    ['old', 2, 4],
  ])
  expect(new Set(context.oldTask!.labels).size).toBeGreaterThan(1)
})
