import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, vectorTensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { extended, plainNode, sumGradients } from '../../testing/sum-gradients.ts'
import { awayFrom, wrongGradients } from '../../testing/wrong-gradients.ts'
import { gradients } from '../differentiate.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const floats = fc.constantFrom('float32' as const, 'float64' as const)

describe('Clip', () => {
  it('passes the gradient to its input and its bounds, each of which may be absent or known', async () => {
    const bounds = fc.constantFrom('none', 'known', 'variable')
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), floats, bounds, bounds, async (seed, type, low, high) => {
        const random = seededRandom(seed)
        const x = awayFrom(drawTensor(random, type, drawDims(random, 0, 4)), [-1, 1.5])
        const bound = (kind: string, at: number) => (kind === 'none' ? undefined : tensorFrom(type, [], [at]))
        const stored = [low, high].flatMap((kind, i) => (kind === 'known' ? [i + 1] : []))
        expect(
          await wrongGradients(
            runtime,
            oneNode('Clip', [x, bound(low, -1), bound(high, 1.5)], {}, { opset: 18, stored }),
          ),
        ).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('passes the gradient to one bound alone', async () => {
    const x = awayFrom(drawTensor(seededRandom(1), 'float32', [3, 4]), [-1, 1.5])
    const inputs = [x, tensorFrom('float32', [], [-1]), tensorFrom('float32', [], [1.5])]
    for (const by of ['input_1', 'input_2'])
      expect(await wrongGradients(runtime, oneNode('Clip', inputs, {}, { opset: 18 }), [by])).toEqual([])
  })

  it('passes the gradient at the bounds themselves', async () => {
    const inputs = [vectorTensor([-2, -1, 0, 1, 2]), tensorFrom('float64', [], [-1]), tensorFrom('float64', [], [1])]
    const example = oneNode('Clip', inputs, {}, { opset: 18 })
    expect(await sumGradients(runtime, example, ['input_0', 'input_1', 'input_2'])).toEqual([[0, 1, 1, 1, 0], [1], [1]])
  })

  it('gives everything to the upper bound where the bounds are in the wrong order', async () => {
    const inputs = [vectorTensor([-2, 0, 2]), tensorFrom('float64', [], [1]), tensorFrom('float64', [], [-1])]
    const example = oneNode('Clip', inputs, {}, { opset: 18 })
    expect(await sumGradients(runtime, example, ['input_0', 'input_1', 'input_2'])).toEqual([[0, 0, 0], [0], [3]])
  })
})

describe('Where', () => {
  it('passes the gradient to the side chosen, broadcast', async () => {
    const wanted = fc.constantFrom(undefined, ['input_1'], ['input_2'])
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), floats, wanted, fc.boolean(), async (seed, type, by, known) => {
        const random = seededRandom(seed)
        const dims = drawDims(random, 1, 4)
        const shape = (i: number) => (random.integer(3) === i ? dims : drawNarrower(random, dims))
        const inputs = [
          drawTensor(random, 'bool', shape(0)),
          drawTensor(random, type, shape(1)),
          drawTensor(random, type, shape(2)),
        ]
        const stored = known ? [0] : []
        expect(await wrongGradients(runtime, oneNode('Where', inputs, {}, { opset: 18, stored }), by)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('Cast', () => {
  it('gives the gradient in the type of the input', async () => {
    for (const [from, to, code] of [
      ['float32', 'float64', 11],
      ['float64', 'float32', 1],
      ['float32', 'float32', 1],
    ] as const) {
      const x = drawTensor(seededRandom(1), from, [2, 3])
      const like = drawTensor(seededRandom(1), to, [1])
      for (const example of [
        oneNode('Cast', [x], { to: int(code) }, { opset: 18 }),
        oneNode('CastLike', [x, like], {}, { opset: 18, stored: [1] }),
      ]) {
        const request = { loss: 'loss', parameters: ['input_0'], inputs: example.inputs }
        const result = await gradients(runtime, squared(example), request)
        const gradient = result.gradients.get('input_0')!
        expect(gradient.type).toBe(from)
        const expected = Array.from(x.data as ArrayLike<unknown>, (each) => 2 * Number(each))
        for (const [i, each] of Array.from(gradient.data as ArrayLike<unknown>, Number).entries())
          expect(each).toBeCloseTo(expected[i]!, 5)
      }
    }
  })

  it('passes the gradient through float16', async () => {
    const x = tensorFrom('float32', [5], [-1.5, 0, 0.25, 2, 3])
    const { model, inputs } = oneNode('Cast', [x], { to: int(10) }, { opset: 18 })
    const nodes = [
      plainNode('Relu', ['output_0'], 'rectified'),
      plainNode('Mul', ['rectified', 'rectified'], 'square'),
      plainNode('Cast', ['square'], 'wide', { to: int(1) }),
      plainNode('ReduceSum', ['wide'], 'loss'),
    ]
    const request = { loss: 'loss', parameters: ['input_0'], inputs }
    const result = await gradients(runtime, extended(model, nodes), request)
    const byX = result.gradients.get('input_0')!
    expect(byX.type).toBe('float32')
    expect(Array.from(byX.data as ArrayLike<unknown>, (each) => Number(each) + 0)).toEqual([0, 0, 0.5, 4, 6])
  })
})

/** The model with the sum of its output's squares for a loss. */
const squared = ({ model }: Example): Example['model'] =>
  extended(model, [plainNode('Mul', ['output_0', 'output_0'], 'square'), plainNode('ReduceSum', ['square'], 'loss')])
