import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime, type Tensors } from '../../../runtime/index.ts'
import { seededRandom, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, gradientsOf, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { filled } from '../../../testing/small-network.ts'
import { criticDifference, gradientPenalty, penaltyRows } from './wasserstein.ts'
import { criticScores, criticSlopes } from './wasserstein-critic.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** A critic of layers `w1`, `b1`, `w2`, …, of these widths from the rows to the score. */
const layersOf = (widths: readonly number[]) =>
  widths.slice(1).map((_, i) => ({ weight: `w${i + 1}`, bias: `b${i + 1}` }))

/** Element `k` of each tensor is `0.8 sin(a + 1.7 k)`, `a` being 1, 2, … in the order of the names. */
const reference: Tensors = {
  x: filled([5, 3], (k) => 0.8 * Math.sin(0.5 + 2.3 * k)),
  ...Object.fromEntries(
    (
      [
        ['w1', [4, 3]],
        ['b1', [4]],
        ['w2', [3, 4]],
        ['b2', [3]],
        ['w3', [1, 3]],
        ['b3', [1]],
      ] as const
    ).map(([name, dims], i) => [name, filled(dims, (k) => 0.8 * Math.sin(i + 1 + 1.7 * k))]),
  ),
}

/** Of PyTorch 2.13 in float64, the penalty's gradients by differentiating twice; two of the rows have no active unit. */
const torch = {
  penalty: 0.560183774024329,
  scores: [-0.2235323985591407, -0.2235323985591407, -0.0654266664091726, 0.03243857073156059, 0.2381598100089773],
  slopes: [
    0, 0, 0, 0, 0, 0, -0.3566731355423473, -0.23987834857568974, 0.41848714457170827, -0.29677971967781924,
    -0.056874629370485874, 0.3114356853967902, -0.29677971967781924, -0.056874629370485874, 0.3114356853967902,
  ],
  w1: [
    -0.22858620849545158, -0.06328586594708155, 0.24489427928346358, 0, 0, 0, 0, 0, 0, -0.06277667184871821,
    -0.004846416053359169, 0.06402553989979967,
  ],
  w2: [
    -0.36531310208160994, 0, 0, 0.283333091062704, 0.15423217900068067, 0, 0, -0.11962089442890245, 0.44242421747043315,
    0, 0, -0.3537260825943641,
  ],
  w3: [-0.23281180389896072, -0.3532039429317577, -0.5217650232106823],
}

const close = (found: ArrayLike<number>, expected: readonly number[], within = 1e-6) => {
  expect(found).toHaveLength(expected.length)
  expected.forEach((value, k) => {
    expect(Math.abs(found[k]! - value)).toBeLessThan(within)
  })
}

describe('the critic', () => {
  const layers = layersOf([3, 4, 3, 1])
  const example = fragment(reference, (graph) => {
    const { scores, slopes } = criticSlopes(graph, layers, 'x')
    return { scores, alone: criticScores(graph, layers, 'x'), slopes, penalty: gradientPenalty(graph, layers, 'x') }
  })

  it('has the scores, slopes and penalty of PyTorch', async () => {
    for (const found of [exactly(example), await ran(runtime, example)]) {
      close(found.scores!, torch.scores)
      close(found.alone!, torch.scores)
      close(found.slopes!, torch.slopes)
      close(found.penalty!, [torch.penalty])
    }
  })

  it('has the gradients of the penalty that differentiating twice gives, dead rows included', async () => {
    const found = await gradientsOf(runtime, example, 'penalty', ['w1', 'w2', 'w3', 'b1'])
    close(found.w1!, torch.w1)
    close(found.w2!, torch.w2)
    close(found.w3!, torch.w3)
    close(found.b1!, [0, 0, 0, 0], 1e-12)
  })

  it('of one linear layer has its weights for a slope at every row', async () => {
    const inputs = { x: filled([4, 2], (k) => k), w1: filled([1, 2], (k) => 3 + k), b1: filled([1], () => 7) }
    const linear = fragment(inputs, (graph) => ({
      slopes: criticSlopes(graph, layersOf([2, 1]), 'x').slopes,
      penalty: gradientPenalty(graph, layersOf([2, 1]), 'x'),
    }))
    expect([...exactly(linear).slopes!]).toEqual([3, 4, 3, 4, 3, 4, 3, 4])
    expect(exactly(linear).penalty![0]!).toBe(16)
    close((await gradientsOf(runtime, linear, 'penalty', ['w1'])).w1!, [(2 * 4 * 3) / 5, (2 * 4 * 4) / 5], 1e-5)
  })

  it('needs a layer', () => {
    expect(() => fragment(reference, (graph) => ({ y: criticScores(graph, [], 'x') }))).toThrow(/got no layers/)
  })
})

describe('the penalty', () => {
  it('has the gradient of central differences by the weights, wherever the critic is', async () => {
    const sizes = fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      widths: fc.constantFrom([2, 3, 1], [3, 4, 4, 1], [2, 1]),
      seed: fc.nat(9999),
    })
    await fc.assert(
      fc.asyncProperty(sizes, async ({ rows, widths, seed }) => {
        const random = seededRandom(seed)
        const layers = layersOf(widths)
        const weights = layers.flatMap(({ weight, bias }, i) => [
          [weight, drawTensor(random, 'float32', [widths[i + 1]!, widths[i]!], -1, 1)] as const,
          [bias, drawTensor(random, 'float32', [widths[i + 1]!], -1, 1)] as const,
        ])
        const inputs = { x: drawTensor(random, 'float32', [rows, widths[0]!]), ...Object.fromEntries(weights) }
        const example = fragment(inputs, (graph) => ({ penalty: gradientPenalty(graph, layers, 'x') }))
        const lengths = exactly(fragment(inputs, (graph) => ({ s: criticSlopes(graph, layers, 'x').slopes }))).s!
        // A slope of zero is the corner of its norm.
        fc.pre(
          Array.from({ length: rows }, (_, i) => lengths.slice(i * widths[0]!, (i + 1) * widths[0]!)).every(
            (row) => Math.hypot(...row) > 1e-2,
          ),
        )
        const check = await checkGradient(runtime, example, { by: layers.map(({ weight }) => weight) })
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(1e-3)
      }),
      { numRuns: 25 },
    )
  })

  it('is looked at in the rows of both domains and between them, where their numbers differ too', async () => {
    const inputs = {
      s: tensor('float32', [3, 1], Float32Array.of(0, 10, 20)),
      t: tensor('float32', [2, 1], Float32Array.of(4, 0)),
      mixing: tensor('float32', [2, 1], Float32Array.of(0.25, 0.5)),
    }
    const example = fragment(inputs, (graph) => ({ rows: penaltyRows(graph, 's', 't', 'mixing') }))
    const expected = [0, 10, 20, 4, 0, 1, 5]
    expect([...exactly(example).rows!]).toEqual(expected)
    expect([...(await ran(runtime, example)).rows!]).toEqual(expected)
  })
})

describe('the difference of a critic', () => {
  it('is that of the means over either domain', async () => {
    const inputs = { s: filled([3, 1], (k) => k), t: filled([2, 1], (k) => 5 * k) }
    const example = fragment(inputs, (graph) => ({ value: criticDifference(graph, 's', 't') }))
    expect(exactly(example).value![0]!).toBe(-1.5)
    const { s, t } = await gradientsOf(runtime, example, 'value', ['s', 't'])
    close(s!, [1 / 3, 1 / 3, 1 / 3])
    close(t!, [-0.5, -0.5])
  })
})
