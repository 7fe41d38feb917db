import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, type Tensor, vectorTensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, drawTensor } from '../../testing/draw.ts'
import { maskedSumGradients, sumGradients } from '../../testing/sum-gradients.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const cases = fc.record({
  seed: fc.nat(10_000),
  type: fc.constantFrom('float32' as const, 'float64' as const),
  swapped: fc.boolean(),
  wanted: fc.constantFrom(undefined, ['input_0'], ['input_1']),
})

/** Two tensors of which one may broadcast to the other, in either order. */
function twoTensors(seed: number, type: 'float32' | 'float64', swapped: boolean, range: readonly [number, number]) {
  const random = seededRandom(seed)
  const dims = drawDims(random, 0, 4)
  const pair = [dims, dims.length === 0 ? [] : drawNarrower(random, dims)].map((each) =>
    drawTensor(random, type, each, ...range),
  )
  return swapped ? pair.reverse() : pair
}

describe('arithmetic with two operands', () => {
  it.each(['Add', 'Sub', 'Mul'])('%s passes the gradient to both sides, broadcast', async (op) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, type, swapped, wanted }) => {
        const inputs = twoTensors(seed, type, swapped, [-3, 3])
        expect(await wrongGradients(runtime, oneNode(op, inputs, {}, { opset: 18 }), wanted)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('Div passes the gradient to both sides, broadcast', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ({ seed, type, swapped, wanted }, negative) => {
        const inputs = twoTensors(seed, type, swapped, negative ? [-3, -0.3] : [0.3, 3])
        expect(await wrongGradients(runtime, oneNode('Div', inputs, {}, { opset: 18 }), wanted)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('Div by a constant passes the gradient', async () => {
    for (const divisor of [2, 0.25, -3]) {
      const inputs = [
        drawTensor(seededRandom(1), 'float32', [2, 3]),
        drawTensor(seededRandom(2), 'float32', [3], divisor, divisor + 0.2),
      ]
      expect(await wrongGradients(runtime, oneNode('Div', inputs, {}, { opset: 18, stored: [1] }))).toEqual([])
    }
  })

  it('Mod passes the gradient to both sides, broadcast', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, type, swapped, wanted }) => {
        const [a, b] = twoTensors(seed, type, swapped, [1, 2]) as [Tensor, Tensor]
        // Quotients of 1.05 to 1.95, 2.05 to 2.95 and so on, with either sign.
        const scaled = {
          ...a,
          data: (a.data as Float64Array).map((x, i) => (i % 2 === 0 ? 1 : -1) * (3.05 + 0.9 * (x - 1))),
        }
        const ones = { ...b, data: (b.data as Float64Array).map((x) => (Math.floor(x * 7) % 2 === 0 ? 1 : -1)) }
        expect(
          await wrongGradients(runtime, oneNode('Mod', [scaled, ones], { fmod: int(1) }, { opset: 18 }), wanted),
        ).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('passes the gradient of a value with itself', async () => {
    for (const op of ['Add', 'Mul', 'Sub', 'Div', 'Max']) {
      const { model, inputs } = oneNode(op, [vectorTensor([2, -3])], {}, { opset: 18 })
      const nodes = model.graph.nodes.map((node) => ({ ...node, inputs: ['input_0', 'input_0'] }))
      expect(await wrongGradients(runtime, { model: { ...model, graph: { ...model.graph, nodes } }, inputs })).toEqual(
        [],
      )
    }
  })

  it('is 0, not NaN, where 0 is divided by at a masked place', async () => {
    const example = oneNode('Div', [vectorTensor([1, 0, 3]), vectorTensor([0, 0, 2])], {}, { opset: 18 })
    expect(await maskedSumGradients(runtime, example, [0, 0, 1], ['input_0', 'input_1'])).toEqual([
      [0, 0, 0.5],
      [0, 0, -0.75],
    ])
  })
})

describe('arithmetic with any number of operands', () => {
  it.each(['Sum', 'Mean', 'Min', 'Max'])('%s passes the gradient to all, broadcast', async (op) => {
    const counts = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(cases, counts, fc.boolean(), async ({ seed, type, wanted }, count, constant) => {
        const random = seededRandom(seed)
        const dims = drawDims(random, 1, 4)
        const inputs = Array.from({ length: count }, (_, i) => {
          const x = drawTensor(random, op === 'Mean' ? 'float32' : type, i === 1 ? dims : drawNarrower(random, dims))
          // No two operands have numbers nearer than 0.01.
          return {
            ...x,
            data: (x.data as Float64Array).map((each) => Math.round(each * 20) / 20 + 0.012 * i),
          } as Tensor
        })
        const by = count > 1 ? wanted : undefined
        const stored = constant && count > 2 ? [2] : []
        expect(await wrongGradients(runtime, oneNode(op, inputs, {}, { opset: 18, stored }), by)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('shares the gradient of an extreme among equal operands, and gives a constant none', async () => {
    const by = (op: string, stored: number[]) => {
      const operands = [vectorTensor([1, 2]), vectorTensor([1, 5])]
      return sumGradients(runtime, oneNode(op, operands, {}, { opset: 18, stored }))
    }
    expect(await by('Max', [])).toEqual([[0.5, 0]])
    expect(await by('Min', [])).toEqual([[0.5, 1]])
    expect(await by('Max', [1])).toEqual([[1, 0]])
    expect(await by('Min', [1])).toEqual([[1, 1]])
  })
})
