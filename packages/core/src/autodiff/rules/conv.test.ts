import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attribute, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { randomTensor } from '../../testing/random-tensor.ts'

const runtime = await nodeRuntime()

/** A convolution whose kernel fits its input. */
const convolutions = fc
  .record({ rank: fc.integer({ min: 1, max: 3 }), groups: fc.integer({ min: 1, max: 4 }) })
  .chain(({ rank, groups }) => {
    const each = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })
    return fc.record({
      groups: fc.constant(groups),
      n: fc.integer({ min: 1, max: 3 }),
      perGroup: fc.integer({ min: 1, max: 3 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      kernel: each(1, rank < 3 ? 5 : 3),
      strides: each(1, 3),
      dilations: each(1, 2),
      begins: each(0, 2),
      ends: each(0, 2),
      spare: each(0, 4),
      autoPad: fc.constantFrom('NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
      bias: fc.boolean(),
    })
  })

type Convolution = typeof convolutions extends fc.Arbitrary<infer T> ? T : never

function attributesOf(c: Convolution): Record<string, Attribute> {
  return {
    group: int(c.groups),
    strides: ints(c.strides),
    dilations: ints(c.autoPad.startsWith('SAME') ? c.kernel.map(() => 1) : c.dilations),
    ...(c.autoPad === 'NOTSET' ? { pads: ints([...c.begins, ...c.ends]) } : { auto_pad: text(c.autoPad) }),
  }
}

describe('Conv', () => {
  it('passes the gradient by input, kernel and bias in any geometry', async () => {
    await fc.assert(
      fc.asyncProperty(convolutions, async (c) => {
        const space = c.kernel.map((k, i) => (k - 1) * c.dilations[i]! + 1 + c.spare[i]!)
        const x = randomTensor([c.n, c.perGroup * c.groups, ...space], 1)
        const w = randomTensor([c.outputs * c.groups, c.perGroup, ...c.kernel], 2)
        const b = randomTensor([c.outputs * c.groups], 3)
        const example = oneNode('Conv', c.bias ? [x, w, b] : [x, w], attributesOf(c), { opset: 18 })
        const check = await checkGradient(runtime, example, { probes: 8 })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 60 },
    )
  })

  it('differentiates by the kernel alone', async () => {
    const example = oneNode('Conv', [randomTensor([2, 3, 6, 5], 1), randomTensor([4, 3, 3, 2], 2)], {}, { opset: 22 })
    const check = await checkGradient(runtime, example, { by: ['input_1'] })
    expect(check.exact).toBeLessThan(1e-6)
  })
})

describe('ConvTranspose', () => {
  it('passes the gradient by input, kernel and bias in any geometry', async () => {
    await fc.assert(
      fc.asyncProperty(convolutions, async (c) => {
        const space = c.spare.map((size) => size + 2)
        const x = randomTensor([c.n, c.perGroup * c.groups, ...space], 1)
        const w = randomTensor([c.perGroup * c.groups, c.outputs, ...c.kernel], 2)
        const b = randomTensor([c.outputs * c.groups], 3)
        const full = space.map((s, i) => (s - 1) * c.strides[i]! + (c.kernel[i]! - 1) * c.dilations[i]! + 1)
        const extra = c.strides.map((stride, i) => (i === 0 ? stride - 1 : 0))
        const begins = c.begins.map((pad, i) => Math.min(pad, Math.floor((full[i]! - 1) / 2)))
        const geometry = { group: int(c.groups), strides: ints(c.strides), dilations: ints(c.dilations) }
        const wide = c.kernel.every((k, i) => (k - 1) * c.dilations[i]! + 1 >= c.strides[i]!)
        const attributes: Record<string, Attribute> =
          c.autoPad === 'VALID' || (c.autoPad === 'SAME_LOWER' && !wide)
            ? { ...geometry, output_shape: ints(full.map((size, i) => Math.max(space[i]!, size - begins[i]!))) }
            : c.autoPad === 'NOTSET' || !wide
              ? { ...geometry, pads: ints([...begins, ...begins]), output_padding: ints(extra) }
              : { ...geometry, auto_pad: text(c.autoPad) }
        const example = oneNode('ConvTranspose', c.bias ? [x, w, b] : [x, w], attributes, { opset: 18 })
        const check = await checkGradient(runtime, example, { probes: 8 })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 60 },
    )
  })
})
