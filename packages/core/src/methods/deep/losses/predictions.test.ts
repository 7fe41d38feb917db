import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import type { Tensor } from '../../../tensor/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, type Fragment, interpretFragment } from '../../../testing/fragment-check.ts'
import { argmax, columnMeans, entropy, mean, softmax, sum } from '../../../testing/plain-softmax.ts'
import { classConfusion } from './class-confusion.ts'
import { classifierDiscrepancy } from './classifier-discrepancy.ts'
import { informationMaximisation, meanEntropy } from './entropy.ts'
import { fixmatch } from './fixmatch.ts'
import { consistency } from './mean-teacher.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** Class confusion by its definition, with the C × C matrix. */
function confusion(moving: readonly (readonly number[])[], held: readonly (readonly number[])[], temperature: number) {
  const softer = (rows: readonly (readonly number[])[]) => rows.map((row) => softmax(row.map((z) => z / temperature)))
  const sure = softer(held).map((p) => 1 + Math.exp(-entropy(p)))
  const w = sure.map((each) => (sure.length * each) / sum(sure))
  const p = softer(moving)
  const classes = p[0]!.map((_, c) => p.map((row) => row[c]!))
  const correlation = classes.map((a) => classes.map((b) => sum(a.map((x, i) => w[i]! * x * b[i]!))))
  return sum(correlation.map((row, j) => sum(row.map((x, k) => (j === k ? 0 : x / sum(row)))))) / classes.length
}

const THRESHOLD = 0.6

/** Losses of the logits `z` and, some of them, `other`. */
const losses: Record<string, Pick<Fragment, 'build' | 'formula' | 'by'>> = {
  entropy: {
    build: (graph) => meanEntropy(graph, 'z'),
    formula: ({ z }) => mean(z!.map((row) => entropy(softmax(row)))),
    by: { z: 1 },
  },
  'information maximisation': {
    build: (graph) => informationMaximisation(graph, 'z'),
    formula: ({ z }) => mean(z!.map((row) => entropy(softmax(row)))) - entropy(columnMeans(z!.map(softmax))),
    by: { z: 1 },
  },
  'class confusion': {
    build: (graph) => classConfusion(graph, 'z'),
    formula: ({ z }, held) => confusion(z!, held.z!, 2.5),
    by: { z: 1 },
  },
  'class confusion at temperature 1': {
    build: (graph) => classConfusion(graph, 'z', { temperature: 1 }),
    formula: ({ z }, held) => confusion(z!, held.z!, 1),
    by: { z: 1 },
  },
  'classifier discrepancy': {
    build: (graph) => classifierDiscrepancy(graph, 'z', 'other'),
    formula: ({ z, other }) =>
      mean(z!.flatMap((row, i) => softmax(row).map((p, c) => Math.abs(p - softmax(other![i]!)[c]!)))),
    by: { z: 1, other: 1 },
  },
  consistency: {
    build: (graph) => consistency(graph, { student: 'z', teacher: 'other' }),
    formula: ({ z }, { other }) =>
      mean(z!.flatMap((row, i) => softmax(row).map((p, c) => (p - softmax(other![i]!)[c]!) ** 2))),
    by: { z: 1, other: 1 },
  },
  'consistency with a sure teacher': {
    build: (graph) => consistency(graph, { student: 'z', teacher: 'other' }, { threshold: THRESHOLD }),
    formula: ({ z }, { other }) =>
      mean(
        z!.flatMap((row, i) => {
          const q = softmax(other![i]!)
          return softmax(row).map((p, c) => (Math.max(...q) >= THRESHOLD ? (p - q[c]!) ** 2 : 0))
        }),
      ),
    by: { z: 1, other: 1 },
  },
  fixmatch: {
    build: (graph) => fixmatch(graph, { weak: 'other', strong: 'z' }, { threshold: THRESHOLD }),
    formula: ({ z }, { other }) =>
      mean(
        z!.map((row, i) => {
          const q = softmax(other![i]!)
          return Math.max(...q) >= THRESHOLD ? -Math.log(softmax(row)[argmax(q)]!) : 0
        }),
      ),
    by: { z: 1, other: 1 },
  },
}

const zeros = (rows: number, classes: number): Tensor =>
  tensorFrom('float32', [rows, classes], new Array<number>(rows * classes).fill(0))
const alike = (rows: number, classes: number): Tensor =>
  tensorFrom(
    'float32',
    [rows, classes],
    Array.from({ length: rows * classes }, (_, k) => Math.sin(k % classes)),
  )

const { normal } = draws(5)
const inputs: Record<string, readonly [Tensor, Tensor]> = {
  '6 × 4': [normal([6, 4]), normal([6, 4])],
  '1 × 3': [normal([1, 3]), normal([1, 3])],
  '2 × 2': [normal([2, 2]), normal([2, 2])],
  'identical rows': [alike(4, 3), normal([4, 3])],
  zeros: [zeros(3, 5), normal([3, 5])],
}

describe.each(Object.entries(losses))('%s', (_, fragment) => {
  it.each(Object.entries(inputs))('is its formula, with its gradient: %s', async (__, [z, other]) => {
    const check = await checkFragment(runtime, { inputs: { z, other }, ...fragment })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })

  it('is finite, and so is its gradient, where predictions are certain', async () => {
    const z = tensorFrom('float32', [3, 3], [500, 0, -500, -300, 400, 0, 0, 0, 900])
    const check = await checkFragment(runtime, {
      inputs: {
        z,
        other: tensorFrom(
          'float32',
          [3, 3],
          [...z.data].map((x) => -Number(x)),
        ),
      },
      ...fragment,
    })
    expect(Number.isFinite(check.value)).toBe(true)
    for (const gradient of Object.values(check.gradients)) expect(gradient.every(Number.isFinite)).toBe(true)
  })

  it('does not depend on the order of the rows, nor on a number added to all logits of a row', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 5 }), fc.nat(999))
    fc.assert(
      fc.property(sizes, ([rows, classes, seed]) => {
        const { normal: draw, random } = draws(seed)
        const [z, other] = [draw([rows, classes]), draw([rows, classes])]
        const order = random.permutation(rows)
        const moved = ({ data }: Tensor) =>
          tensorFrom(
            'float32',
            [rows, classes],
            Array.from({ length: rows * classes }, (_, k) => {
              const row = order[Math.floor(k / classes)]!
              return Number(data[row * classes + (k % classes)]) + row
            }),
          )
        const value = (inputs: Record<string, Tensor>) => interpretFragment(inputs, fragment.build)[0]!
        expect(Math.abs(value({ z, other }) - value({ z: moved(z), other: moved(other) }))).toBeLessThan(1e-5)
      }),
      { numRuns: 20 },
    )
  })
})

describe('bounds and special cases', () => {
  const at = (z: Tensor, build: (graph: GraphBuilder) => Value) => interpretFragment({ z, other: z }, build)[0]!
  const diagonal = tensorFrom('float32', [3, 3], [99, 0, 0, 0, 99, 0, 0, 0, 99])

  it('information is maximal, log C, where rows are certain and classes equally often', () => {
    expect(at(diagonal, losses['information maximisation']!.build)).toBeCloseTo(-Math.log(3), 6)
    expect(Math.abs(at(alike(4, 3), losses['information maximisation']!.build))).toBeLessThan(1e-6)
    expect(at(zeros(3, 5), losses.entropy!.build)).toBeCloseTo(Math.log(5), 6)
  })

  it('classes are not confused where rows are certain, and fully where all are uniform', () => {
    expect(at(diagonal, losses['class confusion at temperature 1']!.build)).toBeLessThan(1e-12)
    expect(at(zeros(3, 5), losses['class confusion']!.build)).toBeCloseTo(4 / 5, 6)
  })

  it('classifiers that agree have no discrepancy and are consistent', () => {
    const z = normal([4, 3])
    expect(at(z, losses['classifier discrepancy']!.build)).toBe(0)
    expect(at(z, losses.consistency!.build)).toBe(0)
  })

  it('fixmatch leaves out rows below its default threshold of 0.95, but counts them', () => {
    const weak = (probability: number) => [Math.log(probability), Math.log(1 - probability)]
    const other = tensorFrom('float32', [3, 2], [...weak(0.94), ...weak(0.96), ...weak(0.01)])
    const z = tensorFrom('float32', [3, 2], [1, 0, 2, 0, 3, 0])
    const expected = (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(3))) / 3
    const found = interpretFragment({ z, other }, (graph) => fixmatch(graph, { weak: 'other', strong: 'z' }))[0]!
    expect(Math.abs(found - expected)).toBeLessThan(1e-6)
  })
})
