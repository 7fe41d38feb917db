import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, seededRandom, takeRows } from '../tensor/index.ts'
import { normalMatrix } from '../testing/matrices.ts'
import { findTransferabilityScore, transferabilityScores } from './catalogue.ts'
import { featureBases } from './feature-bases.ts'
import type { ScoredRows, TransferabilityScore } from './transferability-score.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const scoreOf = (score: TransferabilityScore, rows: ScoredRows): Promise<number> =>
  score.score(rows, score.options.parse({}), { runtime, random: seededRandom(5) })

/** `n` rows of `d` features whose first ones lean towards the label, and probabilities of five source classes that do too. */
function sample(
  n: number,
  d: number,
  labels: Int32Array,
  strength = 2,
): Required<Omit<ScoredRows, 'values' | 'bases'>> {
  const features = normalMatrix(n, d, seededRandom(1))
  const probabilities = normalMatrix(n, 5, seededRandom(2))
  for (let i = 0; i < n; i++) {
    if (labels[i] < d) features.data[i * d + labels[i]] += strength
    const row = probabilities.data.subarray(5 * i, 5 * i + 5)
    row[labels[i] % 5] += strength
    row.set(row.map(Math.exp))
    row.set(row.map((value, _, all) => value / all.reduce((sum, other) => sum + other, 0)))
  }
  return { features, probabilities, labels }
}

const labels = Int32Array.from({ length: 40 }, (_, i) => [0, 1, 0, 2, 1][i % 5])

describe.each(transferabilityScores.map((score) => [score.id, score] as const))('%s', (id, score) => {
  it('is found by its id, says what it measures, and describes its settings', () => {
    expect(findTransferabilityScore(id)).toBe(score)
    expect(score.summary).toMatch(/^[A-Z].*\.$/)
    expect(score.paper.year).toBeGreaterThan(2018)
    for (const option of Object.values(score.options.shape))
      expect(option.description).toMatch(/larger|more|null|so that|fewer/)
  })

  it('gives the same again and leaves its rows as they were', async () => {
    const rows = sample(40, 6, labels)
    const before = { features: rows.features.data.slice(), probabilities: rows.probabilities.data.slice() }
    expect(await scoreOf(score, rows)).toBe(await scoreOf(score, rows))
    expect(rows.features.data).toEqual(before.features)
    expect(rows.probabilities.data).toEqual(before.probabilities)
  })

  it('is the same from bases that scores share', async () => {
    const rows = sample(40, 6, labels)
    const bases = featureBases(runtime, rows.features)
    const shared = { ...rows, bases }
    expect(await scoreOf(score, shared)).toBe(await scoreOf(score, rows))
    expect(await scoreOf(score, shared)).toBe(await scoreOf(score, rows))
  })

  it('is higher for features that tell more', async () => {
    const weak = await scoreOf(score, sample(40, 6, labels, 0.3))
    expect(await scoreOf(score, sample(40, 6, labels, 4))).toBeGreaterThan(weak)
  })

  it('depends on neither the numbers of the classes nor, but for the start of clusters, the order of rows', async () => {
    const rows = sample(40, 6, labels)
    const expected = await scoreOf(score, rows)
    const renamed = labels.map((label) => [7, 0, 3][label])
    expect(await scoreOf(score, { ...rows, labels: renamed })).toBeCloseTo(expected, 9)
    if (id === 'n-leep') return
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Array.from(labels.keys()), { minLength: 40 }), async (order) => {
        const shuffled = {
          features: takeRows(rows.features, order),
          probabilities: takeRows(rows.probabilities, order),
          labels: Int32Array.from(order, (i) => labels[i]),
        }
        expect(await scoreOf(score, shuffled)).toBeCloseTo(expected, 9)
      }),
      { numRuns: 10 },
    )
  })

  it('does not depend on the units, the axes, or constant features', async () => {
    const rows = sample(40, 6, labels)
    const expected = await scoreOf(score, rows)
    const scaled = { ...rows, features: rotated(rows.features, 1000) }
    expect(await scoreOf(score, scaled)).toBeCloseTo(expected, 7)
    if (id === 'logme' || id === 'shrunk-h-score') return
    const wider = matrix(40, 7)
    for (let i = 0; i < 40; i++) wider.data.set([...rows.features.data.subarray(6 * i, 6 * i + 6), 0.1], 7 * i)
    expect(await scoreOf(score, { ...rows, features: wider })).toBeCloseTo(expected, 9)
  })

  it('is a finite number for fewer rows than features, one row per class and constant features', async () => {
    const few = Int32Array.of(0, 1, 2, 0, 1, 2)
    for (const rows of [
      sample(6, 30, few),
      sample(4, 3, Int32Array.of(0, 1, 2, 3)),
      sample(2, 3, Int32Array.of(4, 9)),
      { ...sample(6, 2, few), features: matrix(6, 2, new Float64Array(12).fill(0.1)) },
      { ...sample(6, 2, few), features: matrix(6, 2) },
    ]) {
      expect(Number.isFinite(await scoreOf(score, rows))).toBe(true)
    }
  })

  it('refuses rows that it cannot score, with a message', async () => {
    const rows = sample(6, 3, Int32Array.of(0, 1, 2, 0, 1, 2))
    await expect(scoreOf(score, { ...rows, labels: new Int32Array(6) })).rejects.toThrow(/two classes or more, got 1/)
    await expect(scoreOf(score, { ...rows, labels: new Int32Array(5) })).rejects.toThrow(/6 .*5 /)
    await expect(scoreOf(score, { ...rows, labels: Int32Array.of(0, 1, -1, 0, 0, 0) })).rejects.toThrow(/row 3/)
    await expect((async () => scoreOf(score, {}))()).rejects.toThrow(`the score "${id}" needs`)
    const broken = (x: Matrix): Matrix => matrix(x.rows, x.columns, x.data.with(4, Number.NaN))
    const bad = { ...rows, features: broken(rows.features), probabilities: broken(rows.probabilities) }
    await expect(scoreOf(score, bad)).rejects.toThrow(/finite, got NaN/)
  })
})

test('a misspelt id is answered with the nearest', () => {
  expect(() => findTransferabilityScore('logm')).toThrow(/unknown score "logm" \(did you mean "logme"\?\)/)
})

/** The rows turned in the plane of the first two features, and multiplied. */
function rotated(x: Matrix, factor: number): Matrix {
  const turned = matrix(x.rows, x.columns, x.data.slice())
  for (let i = 0; i < x.data.length; i += x.columns) {
    turned.data[i] = 0.6 * x.data[i] - 0.8 * x.data[i + 1]
    turned.data[i + 1] = 0.8 * x.data[i] + 0.6 * x.data[i + 1]
  }
  return matrix(
    x.rows,
    x.columns,
    turned.data.map((value) => value * factor),
  )
}
