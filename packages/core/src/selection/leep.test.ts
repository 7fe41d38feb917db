import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matrix, matrixFromRows, rowOf } from '../tensor/index.ts'
import { leep } from './leep.ts'
import { negativeConditionalEntropy } from './nce.ts'
import { likeliestClasses } from './source-probabilities.ts'

/** Source probabilities and target labels of 4 to 20 rows; the first two rows are of two classes. */
const cases = fc
  .tuple(fc.integer({ min: 4, max: 20 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 4 }))
  .chain(([n, z, classes]) =>
    fc.record({
      logits: fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: n * z, maxLength: n * z }),
      labels: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: n - 2, maxLength: n - 2 }),
      z: fc.constant(z),
    }),
  )
  .map(({ logits, labels, z }) => {
    const probabilities = matrix(labels.length + 2, z, Float64Array.from(logits, Math.exp))
    for (let i = 0; i < probabilities.rows; i++) {
      const row = rowOf(probabilities, i)
      const sum = row.reduce((total, value) => total + value, 0)
      row.forEach((value, j) => {
        row[j] = value / sum
      })
    }
    return { probabilities, labels: Int32Array.from([0, 1, ...labels]) }
  })

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('LEEP', () => {
  it('is the closed form of two rows', () => {
    const score = leep(matrixFromRows([[0.9, 0.1], [0.3, 0.7]]), Int32Array.of(0, 1)) // biome-ignore format: one case
    const [first, second] = [0.9 * (0.9 / 1.2) + 0.1 * (0.1 / 0.8), 0.3 * (0.3 / 1.2) + 0.7 * (0.7 / 0.8)]
    expect(score).toBeCloseTo((Math.log(first) + Math.log(second)) / 2, 14)
  })

  it('is the negative entropy of the labels where the network says nothing of the rows', () => {
    const probabilities = matrix(8, 3, new Float64Array(24).fill(1 / 3))
    const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 2, 2)
    expect(leep(probabilities, labels)).toBeCloseTo(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25), 12)
  })

  it('is NCE where the network is certain', () => {
    fc.assert(
      fc.property(cases, ({ probabilities, labels }) => {
        const likeliest = likeliestClasses(probabilities)
        const certain = matrix(probabilities.rows, probabilities.columns)
        likeliest.forEach((z, i) => {
          certain.data[i * certain.columns + z] = 1
        })
        expect(leep(certain, labels)).toBeCloseTo(negativeConditionalEntropy(likeliest, labels), 10)
      }),
    )
  })

  // The paper's second property has NCE in place of these logarithms, whose conditional is that of the likeliest classes
  // counted whole: that is the largest likelihood there is, so that the bound by it does not always hold.
  it('is at most 0 and at least what the likeliest class of each row adds by itself', () => {
    fc.assert(
      fc.property(cases, ({ probabilities, labels }) => {
        const score = leep(probabilities, labels)
        const share = (z: number, rows: readonly number[]) =>
          rows.reduce((sum, row) => sum + rowOf(probabilities, row)[z]!, 0)
        const all = [...labels.keys()]
        const logs = Array.from(likeliestClasses(probabilities), (z, i) => {
          const alike = all.filter((row) => labels[row] === labels[i])
          return Math.log((share(z, alike) / share(z, all)) * rowOf(probabilities, i)[z]!)
        })
        expect(score).toBeLessThanOrEqual(1e-12)
        expect(score).toBeGreaterThanOrEqual(mean(logs) - 1e-9)
      }),
    )
  })

  it('does not change when a source class is split in two that go together', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0.1, max: 0.9, noNaN: true }), ({ probabilities, labels }, share) => {
        const rows = Array.from({ length: probabilities.rows }, (_, i) => {
          const [first, ...others] = rowOf(probabilities, i)
          return [first * share, first * (1 - share), ...others]
        })
        expect(leep(matrixFromRows(rows), labels)).toBeCloseTo(leep(probabilities, labels), 10)
      }),
    )
  })

  it('refuses rows that are no distribution, by number', () => {
    const labels = Int32Array.of(0, 1)
    expect(() => leep(matrixFromRows([[0.5, 0.5], [3, -2]]), labels)).toThrow(/row 2: .*softmax/) // biome-ignore format: short
    expect(() => leep(matrixFromRows([[0.5, 0.5], [0.5, Number.NaN]]), labels)).toThrow(/row 2, column 2: .*NaN/) // biome-ignore format: short
  })
})
