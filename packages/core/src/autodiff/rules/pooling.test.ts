import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, graphBuilder, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, sizeOf, type Tensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { gradients } from '../differentiate.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** Windows that fit, with any geometry that ONNX Runtime pools by. */
const windows = fc
  .record({ rank: fc.integer({ min: 1, max: 3 }), sideBySide: fc.boolean() })
  .chain(({ rank, sideBySide }) => {
    const each = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })
    return fc.record({
      sideBySide: fc.constant(sideBySide),
      batch: fc.integer({ min: 1, max: 2 }),
      channels: fc.integer({ min: 1, max: 3 }),
      kernel: each(1, 3),
      strides: each(1, 3),
      dilations: each(1, 2),
      begins: each(0, 2),
      ends: each(0, 2),
      spare: each(0, 5),
      autoPad: fc.constantFrom('NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'),
      ceil: fc.boolean(),
      seed: fc.integer({ min: 0, max: 1000 }),
    })
  })
type Windows = typeof windows extends fc.Arbitrary<infer T> ? T : never

function pooled(w: Windows): { dims: number[]; attributes: Record<string, Attribute> } {
  if (w.sideBySide) {
    const dims = [w.batch, w.channels, ...w.kernel.map((k, i) => k * (1 + (w.spare[i]! % 3)))]
    return { dims, attributes: { kernel_shape: ints(w.kernel), strides: ints(w.kernel) } }
  }
  const same = w.autoPad.startsWith('SAME')
  const free = w.autoPad === 'NOTSET'
  const dilations = w.kernel.map((_, i) => (free ? w.dilations[i]! : 1))
  const pads = [...w.begins, ...w.ends].map((pad, i) => Math.min(pad, w.kernel[i % w.kernel.length]! - 1))
  const space = w.kernel.map((k, i) => (k - 1) * dilations[i]! + 1 + w.spare[i]!)
  // ONNX's shapes and ONNX Runtime's disagree on whether a last window that begins in the padding is there.
  const ceil = w.strides.every((stride, i) => {
    const padding = pads[i]! + pads[i + w.kernel.length]!
    return Math.ceil((w.spare[i]! + padding) / stride) * stride < space[i]! + pads[i]!
  })
  return {
    dims: [w.batch, w.channels, ...space],
    attributes: {
      kernel_shape: ints(w.kernel),
      // ONNX Runtime refuses to pool what no window reaches, as SAME leaves it with strides beyond the kernel.
      strides: ints(w.strides.map((stride, i) => (same ? Math.min(stride, w.kernel[i]!) : stride))),
      ...(free ? { dilations: ints(dilations), pads: ints(pads), ceil_mode: int(Number(w.ceil && ceil)) } : {}),
      ...(free ? {} : { auto_pad: text(w.autoPad) }),
    },
  }
}

/** Numbers of either sign, none nearer to 0 than 0.1, no two nearer than a two-hundredth. */
function spaced(dims: readonly number[], seed: number, type: 'float32' | 'float64' = 'float32'): Tensor {
  const random = seededRandom(seed)
  const order = Array.from(random.permutation(sizeOf(dims)))
  const numbers = order.map((place) => (0.1 + place / 100) * (random.uniform() < 0.5 ? -1 : 1))
  return type === 'float64'
    ? { type, dims, data: Float64Array.from(numbers) }
    : { type, dims, data: Float32Array.from(numbers) }
}

async function expectGradients(
  op: string,
  x: Tensor,
  attributes: Record<string, Attribute>,
  opset: number,
  outputs = 1,
) {
  const check = await checkGradient(runtime, oneNode(op, [x], attributes, { opset, outputs }), { probes: 12 })
  expect(check.exact).toBeLessThan(1e-6)
  expect(check.run).toBeLessThan(1e-4)
}

describe('MaxPool', () => {
  it('passes the gradient in any geometry', async () => {
    const types = fc.constantFrom('float32' as const, 'float64' as const)
    await fc.assert(
      fc.asyncProperty(windows, types, fc.constantFrom(1, 2), fc.boolean(), async (w, type, outputs, columns) => {
        const { dims, attributes } = pooled(w)
        const order = outputs === 2 && columns ? { storage_order: int(1) } : {}
        await expectGradients('MaxPool', spaced(dims, w.seed, type), { ...attributes, ...order }, 18, outputs)
      }),
      { numRuns: 100 },
    )
  })

  const gradientOf = async (numbers: number[], kernel: number, stride: number, rowWeights: number[]) => {
    const size = Math.sqrt(numbers.length)
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', [1, 1, size, size])
    const y = graph.node('MaxPool', [x], { kernel_shape: ints([kernel, kernel]), strides: ints([stride, stride]) })
    const weights = Float32Array.from(rowWeights)
    const weighted = graph.node('MatMul', [
      graph.node('Reshape', [y, graph.constant({ type: 'int64', dims: [2], data: BigInt64Array.of(1n, -1n) })]),
      graph.constant({ type: 'float32', dims: [weights.length, 1], data: weights }),
    ])
    graph.output('loss', weighted, 'float32', [1, 1])
    const inputs = { x: { type: 'float32', dims: [1, 1, size, size], data: Float32Array.from(numbers) } as const }
    const result = await gradients(runtime, graph.model(), { loss: 'loss', parameters: ['x'], inputs })
    return Array.from(result.gradients.get('x')!.data, Number)
  }

  it('gives the gradient to the first of equal numbers, row by row', async () => {
    // biome-ignore format: rows
    const sideBySide = [
      1, 2, 0, 0,
      2, 2, 0, 0,
      5, 5, 1, 3,
      5, 5, 3, 1,
    ]
    // biome-ignore format: rows
    expect(await gradientOf(sideBySide, 2, 2, [1, 2, 3, 4])).toEqual([
      0, 1, 2, 0,
      0, 0, 0, 0,
      3, 0, 0, 4,
      0, 0, 0, 0,
    ])
    expect(await gradientOf([7, 7, 7, 7, 7, 7, 7, 7, 7], 2, 1, [1, 2, 3, 4])).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0])
  })
})

describe('AveragePool', () => {
  it('passes the gradient in any geometry, padding counted or not', async () => {
    await fc.assert(
      fc.asyncProperty(windows, fc.boolean(), fc.constantFrom(18, 19, 22), async (w, counted, opset) => {
        const { dims, attributes } = pooled({ ...w, dilations: opset < 19 ? w.dilations.map(() => 1) : w.dilations })
        const { dilations, ...others } = attributes
        const own = opset < 19 ? others : attributes
        await expectGradients(
          'AveragePool',
          spaced(dims, w.seed),
          { ...own, count_include_pad: int(Number(counted)) },
          opset,
        )
      }),
      { numRuns: 100 },
    )
  })
})

describe('LpPool', () => {
  it('passes the gradient in any geometry', async () => {
    await fc.assert(
      fc.asyncProperty(windows, fc.integer({ min: 1, max: 4 }), async (w, p) => {
        const { dims, attributes } = pooled(w)
        await expectGradients('LpPool', spaced(dims, w.seed), { ...attributes, p: int(p) }, 18)
      }),
      { numRuns: 60 },
    )
  })
})

describe('global pooling', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 5 })
  it.each(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'])('%s passes the gradient', async (op) => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(1000), fc.integer({ min: 1, max: 4 }), async (dims, seed, p) => {
        await expectGradients(op, spaced(dims, seed), op === 'GlobalLpPool' ? { p: int(p) } : {}, 18)
      }),
      { numRuns: 30 },
    )
  })
})
