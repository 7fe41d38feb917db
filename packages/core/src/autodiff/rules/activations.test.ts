import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, vectorTensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, drawTensor } from '../../testing/draw.ts'
import { sumGradients } from '../../testing/sum-gradients.ts'
import { awayFrom, wrongGradients } from '../../testing/wrong-gradients.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

type Attributes = Record<string, Attribute>
interface Activation {
  readonly op: string
  readonly attributes?: Attributes
  readonly kinks?: readonly number[]
  readonly opset?: number
  /** Whether ONNX Runtime computes it in float64; default true. */
  readonly double?: boolean
}

const alpha = (value: number): Attributes => ({ alpha: float(value) })

const activations: Activation[] = [
  { op: 'Relu', kinks: [0] },
  { op: 'LeakyRelu', kinks: [0] },
  ...[0.3, 1, 2, -0.4].map((value) => ({ op: 'LeakyRelu', attributes: alpha(value), kinks: [0] })),
  { op: 'Elu', kinks: [0] },
  ...[0.5, 2, -1].map((value) => ({ op: 'Elu', attributes: alpha(value), kinks: [0] })),
  { op: 'Selu', kinks: [0] },
  { op: 'Selu', attributes: { ...alpha(0.7), gamma: float(1.3) }, kinks: [0] },
  { op: 'Celu', kinks: [0], double: false },
  { op: 'Celu', attributes: alpha(0.4), kinks: [0], double: false },
  { op: 'Gelu', opset: 20, double: false },
  { op: 'Gelu', attributes: { approximate: text('none') }, opset: 20, double: false },
  { op: 'Gelu', attributes: { approximate: text('tanh') }, opset: 20 },
  { op: 'Sigmoid' },
  { op: 'HardSigmoid', kinks: [-2.5, 2.5] },
  { op: 'HardSigmoid', attributes: { ...alpha(1 / 6), beta: float(0.4) }, kinks: [-2.4, 3.6] },
  { op: 'HardSigmoid', attributes: { ...alpha(-0.5), beta: float(0.5) }, kinks: [-1, 1] },
  { op: 'HardSwish', kinks: [-3, 3] },
  { op: 'Mish' },
  { op: 'Softplus' },
  { op: 'Softsign' },
  { op: 'Tanh' },
  { op: 'ThresholdedRelu', kinks: [1] },
  { op: 'ThresholdedRelu', attributes: alpha(-0.5), kinks: [-0.5] },
  { op: 'Swish', opset: 24 },
  { op: 'Swish', attributes: alpha(1.7), opset: 24 },
]

const titled = activations.map((activation) => {
  const listed = Object.entries(activation.attributes ?? {}).map(([name, { value }]) => `${name} ${value}`)
  return { ...activation, title: [activation.op, ...listed].join(', ') }
})

describe('activations', () => {
  it.each(titled)('$title passes the gradient', async ({ op, attributes, kinks = [], opset = 18, double = true }) => {
    const type = double ? fc.constantFrom('float32' as const, 'float64' as const) : fc.constant('float32' as const)
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), type, async (seed, type) => {
        const random = seededRandom(seed)
        const x = awayFrom(drawTensor(random, type, drawDims(random, 0, 4), -5, 5), kinks)
        // One slope of ordinary size to measure errors against, which far out in float32 are larger than the slope.
        x.data[0] = 1.3
        expect(await wrongGradients(runtime, oneNode(op, [x], attributes, { opset }))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('PRelu passes the gradient to its input and its slope, broadcast', async () => {
    const types = fc.constantFrom('float32' as const, 'float64' as const)
    const wanted = fc.constantFrom(undefined, ['input_0'], ['input_1'])
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), types, wanted, async (seed, type, by) => {
        const random = seededRandom(seed)
        const dims = drawDims(random, 1, 4)
        const x = awayFrom(drawTensor(random, type, dims), [0])
        const slope = drawTensor(random, type, drawNarrower(random, dims), -1, 2)
        expect(await wrongGradients(runtime, oneNode('PRelu', [x, slope], {}, { opset: 18 }), by)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })
})

/** The slopes of an activation at some numbers, as ONNX Runtime gives them. */
async function slopes(op: string, numbers: number[], single: boolean, attributes: Attributes = {}): Promise<number[]> {
  const x = single
    ? { type: 'float32' as const, dims: [numbers.length], data: Float32Array.from(numbers) }
    : vectorTensor(numbers)
  const example = oneNode(op, [x], attributes, { opset: op === 'Gelu' ? 20 : 18 })
  return (await sumGradients(runtime, example))[0]!
}

describe('activations at their kinks and far out', () => {
  it.each([true, false])('have the slopes of one side at their kinks (float32: %s)', async (single) => {
    expect(await slopes('Relu', [-1, 0, 1e-20, 2], single)).toEqual([0, 0, 1, 1])
    expect(await slopes('LeakyRelu', [-1, 0, 1], single, alpha(0.5))).toEqual([0.5, 0.5, 1])
    expect(await slopes('ThresholdedRelu', [0, 1, 2], single)).toEqual([0, 0, 1])
    expect(await slopes('HardSigmoid', [-2, 0, 2], single, { ...alpha(0.25), beta: float(0.5) })).toEqual([0, 0.25, 0])
  })

  it.each([
    ['Sigmoid', 0, 0],
    ['Tanh', 0, 0],
    ['Softplus', 0, 1],
    ['Mish', 0, 1],
    ['HardSwish', 0, 1],
    ['Elu', 0, 1],
    ['Softsign', 0, 0],
  ])('%s tends to its slopes at ±∞', async (op, below, above) => {
    const [left, right] = await slopes(op, [-1e4, 1e4], true)
    expect(left).toBeCloseTo(below, 6)
    expect(right).toBeCloseTo(above, 6)
  })

  it('Gelu tends to its slopes at ±∞ in both forms', async () => {
    for (const approximate of ['none', 'tanh']) {
      expect(await slopes('Gelu', [-50, 50], true, { approximate: text(approximate) })).toEqual([0, 1])
    }
  })
})
