import { afterAll, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { interpret } from '../../interpreter/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { bss } from './bss.ts'
import { lossModel, strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

it.each([1, 3, 4, 7])('shrinks the features of a batch of %i', async (rows) => {
  const context = await strategyContext(runtime, { network: 'convolution' })
  const { losses } = await bss.plan(context, { eta: 0.5, k: 1 })
  const [term] = losses!
  expect([term!.name, term!.weight]).toEqual(['spectrum', 0.5])
  const input = await context.inputs(
    Int32Array.from({ length: rows }, (_, i) => i),
    1,
  )
  const example = lossModel(context.network, term!, { input })
  const check = await checkGradient(runtime, example, { by: context.blocks.flat() })
  expect(check.exact).toBeLessThan(1e-6)
  expect(check.run).toBeLessThan(1e-3)
  const { values } = interpret(context.network, { input })
  const features = values.get('embedding')!.data
  const { loss } = await gradients(runtime, example.model, {
    loss: 'value',
    parameters: context.blocks.flat(),
    inputs: example.inputs,
  })
  const all = features.reduce((sum, each) => sum + each * each, 0)
  // One row has one singular value; the smallest of several is at most their mean.
  if (rows === 1) expect(Math.abs(loss / all - 1)).toBeLessThan(1e-5)
  else expect(loss).toBeLessThan(all / Math.min(rows, 4))
  expect(loss).toBeGreaterThan(0)
})
