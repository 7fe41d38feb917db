import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { gradients } from '../autodiff/index.ts'
import { builderOn, graphBuilder, type Model, upgradeModel } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { checkGradient } from '../testing/gradient-check.ts'
import { largestSquares, smallestSquares } from './singular-squares.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** `value`: the sum for an input `f`. */
function model([rows, width]: readonly [number, number], count: number, squares = smallestSquares): Model {
  const start = graphBuilder('features')
  start.input('f', 'float32', [rows, width])
  const graph = builderOn(upgradeModel(start.model()))
  graph.output('value', squares(graph, 'f', [rows, width], count), 'float32', [])
  return graph.model()
}

const features = (rows: number, width: number, numbers: (i: number, j: number) => number): Tensor<'float32'> => ({
  type: 'float32',
  dims: [rows, width],
  data: Float32Array.from({ length: rows * width }, (_, k) => numbers(Math.floor(k / width), k % width)),
})

async function shrink(f: Tensor<'float32'>, count: number) {
  const graph = model(f.dims as [number, number], count)
  const found = await gradients(runtime, graph, { loss: 'value', parameters: ['f'], inputs: { f } })
  return { value: found.loss, gradient: [...(found.gradients.get('f')!.data as Float32Array)] }
}

/** Rows of a diagonal matrix, turned in the planes of neighbouring rows and columns: singular values stay. */
function withSingularValues(rows: number, width: number, values: readonly number[], seed: number): Tensor<'float32'> {
  const random = seededRandom(seed)
  const a = Array.from({ length: rows }, (_, i) => Array.from({ length: width }, (_, j) => (i === j ? values[i]! : 0)))
  for (let turn = 0; turn < 60; turn++) {
    const angle = 6 * random.uniform()
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    if (turn % 2 === 0 && rows > 1) {
      const i = turn % (rows - 1)
      for (let j = 0; j < width; j++) {
        const [p, q] = [a[i]![j]!, a[i + 1]![j]!]
        a[i]![j] = c * p - s * q
        a[i + 1]![j] = s * p + c * q
      }
    } else if (width > 1) {
      const j = turn % (width - 1)
      for (const row of a) {
        const [p, q] = [row[j]!, row[j + 1]!]
        row[j] = c * p - s * q
        row[j + 1] = s * p + c * q
      }
    }
  }
  return features(rows, width, (i, j) => a[i]![j]!)
}

/** How many, their sum, its gradient at [0][0], [1][2] and [3][4]. */
const REFERENCE = [
  [1, 0.675289469303848, 0.17510427679697224, 0.16068423260661627, -0.15919708915360217],
  [2, 1.6751237965286228, 0.49374286542356427, -0.195739588208413, -0.1550452351456862],
]

describe('the smallest squared singular values', () => {
  it.each([
    [4, 6],
    [6, 4],
    [1, 5],
    [5, 1],
    [7, 7],
  ])('of %i × %i are those that the matrix was made of', async (rows, width) => {
    const values = Array.from({ length: Math.min(rows, width) }, (_, i) => 3 / (i + 1))
    const f = withSingularValues(rows, width, values, rows)
    for (const count of [1, 2, 20]) {
      const expected = values.slice(-count).reduce((sum, value) => sum + value ** 2, 0)
      expect(Math.abs((await shrink(f, count)).value / expected - 1)).toBeLessThan(1e-5)
    }
  })

  /*
   * torch.linalg.svdvals in float64 of f[i][j] = sin(1 + 3 i + 2 j²) + (i = j), and the gradients of the sums of the
   * one and two smallest squares at [0][0], [1][2] and [3][4] (PyTorch 2.13).
   */
  it('and their gradients are those of PyTorch', async () => {
    const f = features(4, 5, (i, j) => Math.sin(1 + 3 * i + 2 * j * j) + (i === j ? 1 : 0))
    for (const [count, value, ...gradient] of REFERENCE) {
      const found = await shrink(f, count!)
      expect(Math.abs(found.value - value!)).toBeLessThan(1e-6)
      gradient.forEach((expected, k) => {
        expect(Math.abs(found.gradient[[0, 7, 19][k]!]! - expected)).toBeLessThan(1e-6)
      })
    }
  })

  it('have the gradient of central differences, though the vectors are held fixed', async () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 7 }),
      width: fc.integer({ min: 1, max: 7 }),
      count: fc.integer({ min: 1, max: 3 }),
      seed: fc.integer({ min: 0, max: 999 }),
    })
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, width, count, seed }) => {
        const values = Array.from({ length: Math.min(rows, width) }, (_, i) => 2 - 0.25 * i)
        const f = withSingularValues(rows, width, values, seed)
        const check = await checkGradient(runtime, { model: model([rows, width], count), inputs: { f } })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 25 },
    )
  })

  it('that are equal count as often as they are there, with a finite gradient', async () => {
    const f = withSingularValues(5, 6, [3, 2, 1, 1, 1], 3)
    for (const count of [1, 2, 3]) {
      const found = await shrink(f, count)
      expect(Math.abs(found.value - count)).toBeLessThan(1e-5)
      // The gradient of a sum of squares is 2 Σ σ u vᵀ, of norm 2 √Σσ².
      expect(Math.abs(Math.hypot(...found.gradient) - 2 * Math.sqrt(count))).toBeLessThan(1e-4)
    }
  })

  it('are 0, and so is the gradient, where features are copies of one another, dead or all zero', async () => {
    const random = seededRandom(5)
    const numbers = Array.from({ length: 40 }, () => random.normal())
    const copies = features(6, 5, (i, j) => numbers[(i % 2) * 5 + j]!)
    const dead = features(8, 5, (i, j) => (j === 2 ? 0 : numbers[i * 5 + j]!))
    for (const f of [copies, dead, features(4, 5, () => 0), features(1, 1, () => 0)]) {
      const { value, gradient } = await shrink(f, 1)
      expect(value).toBeLessThan(1e-10)
      expect(Math.hypot(...gradient)).toBeLessThan(1e-5)
    }
  })

  it('of a large batch are found though the largest are half a million times as large', async () => {
    const values = Array.from({ length: 64 }, (_, i) => 1000 * 0.9 ** i)
    const f = withSingularValues(64, 96, values, 9)
    const { value, gradient } = await shrink(f, 1)
    expect(Math.abs(Math.sqrt(value) / values[63]! - 1)).toBeLessThan(1e-3)
    expect(Math.abs(Math.hypot(...gradient) / (2 * values[63]!) - 1)).toBeLessThan(1e-3)
  })
})

describe('the largest squared singular values', () => {
  const largest = async (f: Tensor<'float32'>, count: number) => {
    const graph = model(f.dims as [number, number], count, largestSquares)
    const found = await gradients(runtime, graph, { loss: 'value', parameters: ['f'], inputs: { f } })
    return { value: found.loss, gradient: [...(found.gradients.get('f')!.data as Float32Array)] }
  }

  it.each([
    [4, 6],
    [6, 4],
    [1, 5],
    [7, 7],
  ])('of %i × %i are those that the matrix was made of', async (rows, width) => {
    const values = Array.from({ length: Math.min(rows, width) }, (_, i) => 3 / (i + 1))
    const f = withSingularValues(rows, width, values, rows)
    for (const count of [1, 2, 20]) {
      const expected = values.slice(0, count).reduce((sum, value) => sum + value ** 2, 0)
      expect(Math.abs((await largest(f, count)).value / expected - 1)).toBeLessThan(1e-5)
    }
  })

  it('have the gradient of central differences', async () => {
    for (const [rows, width, count] of [
      [3, 5, 1],
      [5, 3, 2],
      [2, 2, 2],
    ] as const) {
      const f = withSingularValues(rows, width, [2, 1.5, 1], count)
      const check = await checkGradient(runtime, { model: model([rows, width], count, largestSquares), inputs: { f } })
      expect(check.exact).toBeLessThan(1e-6)
      expect(check.run).toBeLessThan(1e-4)
    }
  })

  it('that are nearly equal are told apart, and huge, tiny and zero features are kept finite', async () => {
    const near = withSingularValues(6, 5, [1, 1 - 1e-5, 0.5, 0.2, 0.1], 2)
    expect(Math.abs((await largest(near, 1)).value - 1)).toBeLessThan(1e-5)
    for (const size of [1e15, 1e-15]) {
      const found = await largest(
        withSingularValues(
          4,
          4,
          [3, 2, 1, 0].map((x) => x * size),
          3,
        ),
        1,
      )
      expect(Math.abs(found.value / (9 * size ** 2) - 1)).toBeLessThan(1e-5)
    }
    const zero = await largest(
      features(4, 5, () => 0),
      2,
    )
    expect(zero.value).toBe(0)
    expect(Math.hypot(...zero.gradient)).toBe(0)
  })
})
