import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, graphBuilder, int, ints } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type NodeOptions, oneNode } from '../../testing/against-runtime.ts'
import { draws, drawTensor } from '../../testing/draw.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { gradients } from '../differentiate.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const dimension = fc.integer({ min: 1, max: 4 })
const space = (most: number) => fc.array(dimension, { minLength: 0, maxLength: most })
const seeds = fc.integer({ min: 0, max: 1000 })
const floats = fc.constantFrom('float32' as const, 'float64' as const)
const epsilons = fc.constantFrom(1e-3, 0.1)

/** Tensors of the given shapes, independent of each other. */
function tensors(seed: number, type: 'float32' | 'float64', shapes: readonly (readonly number[])[]): Tensor[] {
  const random = draws(seed + 1)[seed]!
  return shapes.map((dims) => drawTensor(random, type, dims, -2, 2))
}

async function expectGradients(
  op: string,
  inputs: readonly (Tensor | undefined)[],
  attributes: Record<string, Attribute>,
  options: NodeOptions = {},
  by?: readonly string[],
): Promise<void> {
  const example = oneNode(op, inputs, attributes, { opset: 18, ...options })
  const check = await checkGradient(runtime, example, { probes: 10, ...(by === undefined ? {} : { by }) })
  expect(check.exact).toBeLessThan(1e-6)
  expect(check.run).toBeLessThan(1e-4)
}

/** One of a node's inputs that gradients are asked by, or all. */
const wanted = (count: number) =>
  fc.option(
    fc.integer({ min: 0, max: count - 1 }).map((i) => [`input_${i}`]),
    { nil: undefined },
  )

describe('InstanceNormalization', () => {
  it('passes the gradient', async () => {
    const cases = fc.tuple(dimension, dimension, space(2), epsilons, seeds, wanted(3))
    await fc.assert(
      fc.asyncProperty(cases, async ([batch, channels, rest, epsilon, seed, by]) => {
        const inputs = tensors(seed, 'float32', [[batch, channels, ...rest, 3], [channels], [channels]])
        await expectGradients('InstanceNormalization', inputs, { epsilon: float(epsilon) }, {}, by)
      }),
      { numRuns: 40 },
    )
  })
})

describe('GroupNormalization', () => {
  it.each([18, 21])('passes the gradient in operator set %i', async (opset) => {
    const cases = fc.tuple(dimension, dimension, dimension, space(2), epsilons, seeds, floats, wanted(3))
    await fc.assert(
      fc.asyncProperty(cases, async ([batch, groups, each, rest, epsilon, seed, type, by]) => {
        const own = [opset < 21 ? groups : groups * each]
        const inputs = tensors(seed, type, [[batch, groups * each, ...rest, 3], own, own])
        const attributes = { epsilon: float(epsilon), num_groups: int(groups) }
        await expectGradients('GroupNormalization', inputs, attributes, { opset }, by)
      }),
      { numRuns: 40 },
    )
  })
})

describe('LayerNormalization', () => {
  it('passes the gradient over any last axes, from every output', async () => {
    const cases = fc.record({
      rows: space(2),
      own: space(2),
      narrow: fc.boolean(),
      bias: fc.boolean(),
      epsilon: epsilons,
      fromBack: fc.boolean(),
      outputs: fc.constantFrom(1, 3),
      seed: seeds,
      type: floats,
      by: wanted(2),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, own, narrow, bias, epsilon, fromBack, outputs, seed, type, by }) => {
        const last = [...own, 3]
        const scale = narrow ? [3] : last
        const inputs = tensors(seed, type, [[...rows, ...last], scale, ...(bias ? [scale] : [])])
        const attributes = { axis: int(fromBack ? -last.length : rows.length), epsilon: float(epsilon) }
        // In float64, ONNX Runtime gives the other outputs in float32, which no loss adds to float64.
        const options = { outputs: type === 'float64' ? 1 : outputs }
        await expectGradients('LayerNormalization', inputs, attributes, options, by)
      }),
      { numRuns: 60 },
    )
  })

  it('passes the gradient by the bias alone', async () => {
    const inputs = tensors(1, 'float32', [[4, 5], [5], [5]])
    await expectGradients('LayerNormalization', inputs, {}, {}, ['input_2'])
  })
})

describe('RMSNormalization', () => {
  it('passes the gradient over any last axes', async () => {
    const cases = fc.tuple(space(2), space(2), fc.boolean(), epsilons, seeds, floats, wanted(2))
    await fc.assert(
      fc.asyncProperty(cases, async ([rows, own, narrow, epsilon, seed, type, by]) => {
        const last = [...own, 3]
        const inputs = tensors(seed, type, [[...rows, ...last], narrow ? [3] : last])
        const attributes = { axis: int(-last.length), epsilon: float(epsilon) }
        await expectGradients('RMSNormalization', inputs, attributes, { opset: 23 }, by)
      }),
      { numRuns: 40 },
    )
  })
})

describe('LRN', () => {
  it('passes the gradient', async () => {
    const cases = fc.tuple(dimension, fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 3, 5), seeds)
    await fc.assert(
      fc.asyncProperty(cases, async ([batch, channels, size, seed]) => {
        const attributes = { size: int(size), alpha: float(0.5), beta: float(0.6), bias: float(1.5) }
        await expectGradients('LRN', tensors(seed, 'float32', [[batch, channels, 2, 3]]), attributes)
      }),
      { numRuns: 30 },
    )
  })
})

describe('LpNormalization', () => {
  it('passes the gradient along any axis', async () => {
    const cases = fc.tuple(space(3), fc.nat(), fc.integer({ min: 1, max: 2 }), seeds, floats, fc.boolean())
    await fc.assert(
      fc.asyncProperty(cases, async ([rest, place, p, seed, type, fromBack]) => {
        const dims = [...rest, 3]
        const axis = (place % dims.length) - (fromBack ? dims.length : 0)
        const inputs = [awayFromZero(tensors(seed, type, [dims])[0]!)]
        await expectGradients('LpNormalization', inputs, { axis: int(axis), p: int(p) })
      }),
      { numRuns: 40 },
    )
  })

  it.each([1, 2])('is zero at zeros (p = %i)', async (p) => {
    const graph = graphBuilder()
    const y = graph.node('LpNormalization', [graph.input('x', 'float32', [2, 2])], { p: int(p) })
    const loss = graph.node('ReduceSum', [y], { keepdims: int(0) })
    graph.output('loss', loss, 'float32', [])
    const inputs = { x: { type: 'float32', dims: [2, 2], data: Float32Array.of(0, 0, 1, 0) } } as const
    const result = await gradients(runtime, graph.model(), { loss, parameters: ['x'], inputs })
    expect(Array.from(result.gradients.get('x')!.data as Float32Array)).toEqual([0, 0, 0, 1])
  })
})

/** The same numbers, none nearer to 0 than 0.1. */
const awayFromZero = (x: Tensor): Tensor =>
  ({ ...x, data: (x.data as Float32Array).map((each) => each + 0.1 * Math.sign(each)) }) as Tensor

describe('MeanVarianceNormalization', () => {
  it('passes the gradient over any axes', async () => {
    const axes = fc.constantFrom(undefined, [0, 1, 2, 3], [2, 3], [-1], [0, 3])
    const cases = fc.tuple(fc.array(dimension, { minLength: 3, maxLength: 3 }), axes, seeds)
    await fc.assert(
      fc.asyncProperty(cases, async ([rest, chosen, seed]) => {
        const attributes = chosen === undefined ? {} : { axes: ints(chosen) }
        const inputs = tensors(seed, 'float32', [[...rest, 4]])
        await expectGradients('MeanVarianceNormalization', inputs, attributes)
      }),
      { numRuns: 30 },
    )
  })
})
