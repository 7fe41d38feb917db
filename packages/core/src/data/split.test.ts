import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { matrixFromRows, seededRandom } from '../tensor/index.ts'
import { domainRows, foldRows, type RowSplit, splitDomain, splitRows } from './split.ts'
import { UNLABELLED } from './task.ts'

/** Labels of up to four classes, some rows without one. */
const someLabels = fc
  .array(fc.constantFrom(UNLABELLED, 0, 1, 2, 7), { minLength: 2, maxLength: 80 })
  .map((labels) => Int32Array.from(labels))
const seeds = fc.integer({ min: 0, max: 1000 })
const fractions = fc.double({ min: 0.01, max: 0.99, noNaN: true })
const counts = fc.integer({ min: 1, max: 6 })
const expectPartition = (labels: Int32Array, { part, rest }: RowSplit) => {
  expect([...part, ...rest].sort((a, b) => a - b)).toEqual([...labels.keys()])
  for (const rows of [part, rest]) expect([...rows]).toEqual([...rows].sort((a, b) => a - b))
}
const ofClass = (labels: Int32Array, rows: Int32Array, label: number) =>
  rows.reduce((count, row) => count + (labels[row] === label ? 1 : 0), 0)
const all = (labels: Int32Array) => Int32Array.from(labels.keys())

describe('a split by fraction', () => {
  it('has every row once, round(f·n) in the part, and every class in proportion to within a row', () => {
    fc.assert(
      fc.property(someLabels, fractions, seeds, (labels, fraction, seed) => {
        const size = Math.round(fraction * labels.length)
        const split = () => splitRows(labels, { fraction }, seededRandom(seed))
        if (size === 0 || size === labels.length) {
          expect(split).toThrow(/leaves no row/)
          return
        }
        const { part, rest } = split()
        expectPartition(labels, { part, rest })
        expect(part.length).toBe(size)
        for (const label of new Set(labels)) {
          const wanted = fraction * ofClass(labels, all(labels), label)
          expect(Math.abs(ofClass(labels, part, label) - wanted)).toBeLessThan(1)
        }
      }),
    )
  })

  it('follows the seed, and leaves the labels as they were', () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3)
    const copy = labels.slice()
    const part = (seed: number) => [...splitRows(labels, { fraction: 0.5 }, seededRandom(seed)).part]
    expect(part(4)).toEqual(part(4))
    expect(part(4)).not.toEqual(part(5))
    expect(labels).toEqual(copy)
  })

  it('takes the rows of equal classes equally often', () => {
    const labels = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2)
    const taken = new Float64Array(labels.length)
    const rounds = 4000
    for (let seed = 0; seed < rounds; seed++) {
      for (const row of splitRows(labels, { fraction: 0.5 }, seededRandom(seed)).part) taken[row]! += 1 / rounds
    }
    // 4.5 rows are wanted, and 5 taken: each row in 5 rounds of 9, to within five standard errors.
    for (const share of taken) expect(Math.abs(share - 5 / 9)).toBeLessThan(0.04)
  })

  it('breaks ties between classes at random', () => {
    const taken = new Set<number>()
    for (let seed = 0; seed < 40; seed++) {
      const { part } = splitRows(Int32Array.of(0, 1, 2, 3), { fraction: 0.25 }, seededRandom(seed))
      expect(part.length).toBe(1)
      taken.add(part[0]!)
    }
    expect([...taken].sort()).toEqual([0, 1, 2, 3])
  })
})

describe('a split by rows per class', () => {
  it('has that many rows of every class, or all it has, and none without a label', () => {
    fc.assert(
      fc.property(someLabels, counts, seeds, (labels, perClass, seed) => {
        const split = () => splitRows(labels, { perClass }, seededRandom(seed))
        const least = (label: number) => Math.min(perClass, ofClass(labels, all(labels), label))
        const classes = [...new Set(labels)].filter((label) => label !== UNLABELLED)
        const size = classes.reduce((sum, label) => sum + least(label), 0)
        if (size === 0 || size === labels.length) {
          expect(split).toThrow(/leaves no row/)
          return
        }
        const { part, rest } = split()
        expectPartition(labels, { part, rest })
        expect(ofClass(labels, part, UNLABELLED)).toBe(0)
        for (const label of classes) expect(ofClass(labels, part, label)).toBe(least(label))
      }),
    )
  })
})

describe('folds', () => {
  it('hold every row out once, sizes and classes even to within a row', () => {
    fc.assert(
      fc.property(someLabels, fc.integer({ min: 2, max: 10 }), seeds, (labels, folds, seed) => {
        if (folds > labels.length) return
        const splits = foldRows(labels, folds, seededRandom(seed))
        expect(splits).toHaveLength(folds)
        for (const split of splits) expectPartition(labels, split)
        expect(splits.flatMap(({ part }) => [...part]).sort((a, b) => a - b)).toEqual([...labels.keys()])
        const even = (numbers: number[]) => expect(Math.max(...numbers) - Math.min(...numbers)).toBeLessThanOrEqual(1)
        even(splits.map(({ part }) => part.length))
        for (const label of new Set(labels)) even(splits.map(({ part }) => ofClass(labels, part, label)))
        expect(foldRows(labels, folds, seededRandom(seed))).toEqual(splits)
      }),
    )
  })
})

describe('splitting domains', () => {
  const domain = (name: string, n: number) => ({
    name,
    features: matrixFromRows(Array.from({ length: n }, (_, i) => [i, -i])),
    labels: Int32Array.from({ length: n }, (_, i) => (i < n / 4 ? 0 : 1)),
  })

  it('keeps rows and labels together, and each domain’s own proportions', () => {
    for (const n of [48, 96]) {
      const whole = domain('a', n)
      const { part, rest } = splitDomain(whole, { fraction: 0.25 }, seededRandom(1))
      expect([part.name, part.features.rows, rest.features.rows]).toEqual(['a', n / 4, (3 * n) / 4])
      expect(part.labels.filter((label) => label === 0).length).toBe(n / 16)
      for (const side of [part, rest]) {
        for (const [i, label] of side.labels.entries()) {
          expect(label).toBe(whole.labels[side.features.data[2 * i]!])
          expect(side.features.data[2 * i + 1]).toBe(-side.features.data[2 * i]!)
        }
      }
    }
  })

  it('depends on the domain’s name and the seed, and on no other domain', () => {
    const rows = (name: string, random = seededRandom(3)) => [
      ...splitDomain(domain(name, 40), { perClass: 4 }, random).part.features.data,
    ]
    const used = seededRandom(3)
    rows('b', used)
    expect(rows('a', used)).toEqual(rows('a'))
    expect(rows('a')).not.toEqual(rows('b'))
  })

  it('refuses a domain with more rows than labels', () => {
    const wrong = { ...domain('a', 8), labels: Int32Array.of(0, 1, 0, 1) }
    expect(() => splitDomain(wrong, { fraction: 0.5 }, seededRandom(0))).toThrow('"a" has 8 rows and 4 labels')
    expect(() => domainRows(domain('a', 8), Int32Array.of(8))).toThrow('no row 8')
  })
})

describe('what cannot be split says why', () => {
  const labels = Int32Array.of(0, 0, 1)
  const cases: [() => unknown, RegExp][] = [
    [() => splitRows(labels, { fraction: 1 }, seededRandom(0)), /between 0 and 1, both excluded, got 1/],
    [() => splitRows(labels, { fraction: Number.NaN }, seededRandom(0)), /got NaN/],
    [() => splitRows(labels, { perClass: 0.5 }, seededRandom(0)), /whole number of 1 or more, got 0\.5/],
    [() => splitRows(labels, { fraction: 0.1 }, seededRandom(0)), /0\.1 of 3 rows leaves no row in the part.*larger/],
    [
      () => splitRows(labels, { perClass: 2 }, seededRandom(0)),
      /2 rows per class of 3 rows leaves no row over.*smaller/,
    ],
    [() => splitRows(Int32Array.of(-1, -1), { perClass: 2 }, seededRandom(0)), /labelled rows/],
    [() => foldRows(labels, 4, seededRandom(0)), /from 2 to the number of rows \(3\), got 4/],
    [() => foldRows(labels, 1.5, seededRandom(0)), /got 1\.5/],
  ]
  for (const [call, message] of cases) {
    it(`${message}`, () => {
      expect(call).toThrow(InvalidInputError)
      expect(call).toThrow(message)
    })
  }
})
