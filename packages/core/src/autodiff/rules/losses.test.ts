import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { drawInteger, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { checkGradient } from '../../testing/gradient-check.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 4 }),
  classes: fc.integer({ min: 2, max: 5 }),
  space: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 0, maxLength: 2 }),
  weighted: fc.boolean(),
  ignored: fc.constantFrom(undefined, -100, 0, 1),
  reduction: fc.constantFrom(undefined, 'mean', 'sum', 'none'),
  outputs: fc.constantFrom(1, 2),
  type: fc.constantFrom('float32' as const, 'float64' as const),
  labels: fc.constantFrom('int64' as const, 'int32' as const),
  seed: fc.integer({ min: 0, max: 1000 }),
})

describe.each(['SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss'])('%s', (op) => {
  it('passes the gradient to the scores', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const random = draws(c.seed + 1)[c.seed]!
        const dims = [c.batch, ...c.space]
        const chosen = Array.from({ length: sizeOf(dims) }, (_, i) =>
          i > 0 && c.ignored !== undefined && random.uniform() < 0.3
            ? c.ignored
            : drawInteger(random, 0, c.classes - 1),
        )
        // One example at least counts, or the mean is of none.
        if (chosen[0] === c.ignored) chosen[0] = (chosen[0] + 1) % c.classes
        const inputs = [
          drawTensor(random, c.type, [c.batch, c.classes, ...c.space], -2, 2),
          tensorFrom(c.labels, dims, chosen),
          c.weighted ? drawTensor(random, c.type, [c.classes], 0.5, 2) : undefined,
        ]
        const attributes = {
          ...(c.ignored === undefined ? {} : { ignore_index: int(c.ignored) }),
          ...(c.reduction === undefined ? {} : { reduction: text(c.reduction) }),
        }
        const outputs = op === 'SoftmaxCrossEntropyLoss' ? c.outputs : 1
        const example = oneNode(op, inputs, attributes, { opset: 18, outputs })
        const check = await checkGradient(runtime, example, { probes: 12, by: ['input_0'] })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses weights that are parameters', async () => {
    const random = draws(1)[0]!
    const inputs = [
      drawTensor(random, 'float32', [2, 3], -2, 2),
      tensorFrom('int64', [2], [0, 2]),
      drawTensor(random, 'float32', [3], 0.5, 2),
    ]
    const example = oneNode(op, inputs, {}, { opset: 18 })
    await expect(checkGradient(runtime, example)).rejects.toThrow(`${op} "node" has weights that depend on a parameter`)
  })
})
