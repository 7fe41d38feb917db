import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { float, int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { draws, drawTensor } from '../../testing/draw.ts'
import { checkGradient } from '../../testing/gradient-check.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const cases = fc.record({
  batch: fc.integer({ min: 2, max: 5 }),
  channels: fc.integer({ min: 1, max: 4 }),
  space: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 3 }),
  epsilon: fc.constantFrom(1e-3, 0.1),
  momentum: fc.constantFrom(0.9, 0.3),
  type: fc.constantFrom('float32' as const, 'float64' as const),
  seed: fc.integer({ min: 0, max: 1000 }),
  by: fc.option(
    fc.integer({ min: 0, max: 4 }).map((i) => [`input_${i}`]),
    { nil: undefined },
  ),
})
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

const inputsOf = ({ batch, channels, space, type, seed }: Case) => {
  const random = draws(seed + 1)[seed]!
  const own = () => drawTensor(random, type, [channels], -2, 2)
  return [
    drawTensor(random, type, [batch, channels, ...space], -2, 3),
    own(),
    own(),
    own(),
    drawTensor(random, type, [channels], 0.2, 2),
  ]
}

describe('BatchNormalization', () => {
  it('passes the gradient by running statistics, to those as well', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const example = oneNode('BatchNormalization', inputsOf(c), { epsilon: float(c.epsilon) }, { opset: 18 })
        const check = await checkGradient(runtime, example, { probes: 10, ...(c.by && { by: c.by }) })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 40 },
    )
  })

  it('passes the gradient in training, from the running statistics as well', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const attributes = { epsilon: float(c.epsilon), momentum: float(c.momentum), training_mode: int(1) }
        const example = oneNode('BatchNormalization', inputsOf(c), attributes, { opset: 18, outputs: 3 })
        const check = await checkGradient(runtime, example, { probes: 10, ...(c.by && { by: c.by }) })
        // Three rows may lie so close that central differences themselves are only this good.
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(2e-4)
      }),
      { numRuns: 60 },
    )
  })
})
