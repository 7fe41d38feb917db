import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../tensor/index.ts'
import type { DeepRows } from '../trainer/deep-problem.ts'
import { droppedFeatures } from './dropped-features.ts'
import { featureMoments } from './feature-moments.ts'
import { inTurn } from './in-turn.ts'
import { noisy } from './noisy.ts'
import { randomViews } from './random-views.ts'

const rows = (data: readonly number[], features: number): DeepRows => ({
  rows: data.length / features,
  features,
  data: Float32Array.from(data),
})

const COUNT = 4000
const zeros = new Float32Array(3 * COUNT)
const column = (data: Float32Array, j: number, features = 3) => data.filter((_, at) => at % features === j)
const deviationOf = (values: Float32Array) => {
  const { deviations } = featureMoments(rows([...values], 1))
  return deviations[0]!
}

describe('featureMoments', () => {
  it('are the mean and the deviation of each column', () => {
    const { means, deviations } = featureMoments(rows([1, 10, 7, 3, 20, 7], 3))
    expect([...means]).toEqual([2, 15, 7])
    expect([...deviations]).toEqual([1, 5, 0])
  })
})

describe('noisy', () => {
  it('adds noise in the units of each feature, and none to one that is constant', () => {
    const result = noisy([1, 10, 0], 0.5)(zeros, COUNT, seededRandom(0))
    expect(deviationOf(column(result, 0))).toBeCloseTo(0.5, 1)
    expect(deviationOf(column(result, 1)) / 10).toBeCloseTo(0.5, 1)
    expect(column(result, 2).every((value) => value === 0)).toBe(true)
    expect(zeros.every((value) => value === 0)).toBe(true)
  })
})

describe('droppedFeatures', () => {
  it('puts the mean in the place of that part of the values', () => {
    const result = droppedFeatures([5, 6, 7], 0.3)(zeros, COUNT, seededRandom(0))
    for (const j of [0, 1, 2]) {
      const values = column(result, j)
      expect(values.every((value) => value === 0 || value === 5 + j)).toBe(true)
      expect(values.filter((value) => value > 0).length / COUNT).toBeCloseTo(0.3, 1)
    }
  })

  it('leaves all or nothing at the ends', () => {
    expect(droppedFeatures([1, 1, 1], 0)(zeros, COUNT, seededRandom(0))).toEqual(zeros)
    expect(droppedFeatures([1, 1, 1], 1)(zeros, COUNT, seededRandom(0))).toEqual(zeros.map(() => 1))
  })
})

describe('inTurn', () => {
  it('makes one change after the other', () => {
    const twice = inTurn(
      (data) => data.map((value) => value + 1),
      (data) => data.map((value) => value * 3),
    )
    expect([...twice(Float32Array.of(1, 2), 2, seededRandom(0))]).toEqual([6, 9])
  })

  it('gives each change random numbers of its own', () => {
    const first = noisy([1], 1)
    const [once, twice] = [inTurn(first), inTurn(first, first)].map((view) =>
      view(Float32Array.of(0), 1, seededRandom(3)),
    )
    expect(twice![0]).not.toBeCloseTo(2 * once![0]!, 6)
  })
})

describe('randomViews', () => {
  const distance = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0))
  const plain = rows(
    Array.from({ length: 400 }, (_, i) => Math.sin(i) * (1 + (i % 4))),
    4,
  )
  const digits = rows(
    Array.from({ length: 50 * 144 }, (_, i) => (i % 12 > 4 && i % 12 < 8 ? 1 : 0)),
    144,
  )

  it('changes rows of a table, strongly more than weakly', () => {
    const { weak, strong } = randomViews(plain, [4])
    const [a, b] = [weak, strong].map((view) => view(plain.data, plain.rows, seededRandom(0)))
    expect(distance(a!, plain.data)).toBeGreaterThan(0)
    expect(distance(b!, plain.data)).toBeGreaterThan(2 * distance(a!, plain.data))
  })

  it('moves images in a weak view, and in a strong one changes their values too', () => {
    const { weak, strong } = randomViews(digits, [1, 12, 12])
    const [a, b] = [weak, strong].map((view) => view(digits.data, digits.rows, seededRandom(0)))
    expect(distance(a!, digits.data)).toBeGreaterThan(0)
    expect([...new Set(a)].sort()).toEqual([0, 1])
    expect(new Set(b).size).toBeGreaterThan(100)
  })

  it('leaves rows as they are at strength 0', () => {
    for (const [domain, dims] of [
      [plain, [4]],
      [digits, [1, 12, 12]],
    ] as const) {
      for (const view of Object.values(randomViews(domain, dims, 0))) {
        expect(distance(view(domain.data, domain.rows, seededRandom(0)), domain.data)).toBeLessThan(1e-5)
      }
    }
  })
})
