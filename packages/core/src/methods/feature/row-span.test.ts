import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { identity, type Matrix, matrix, rowOf, sliceRows, stackRows, transpose } from '../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../../testing/matrices.ts'
import { shiftedClasses } from '../../testing/shifted-classes.ts'
import { adapt } from '../adapt.ts'
import { fromSpan, spannedRows } from './row-span.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('spannedRows', () => {
  it.each([
    ['independent rows', normalMatrix(30, 200), 30],
    ['rows that are there twice', stackRows([normalMatrix(30, 200), normalMatrix(30, 200)]), 30],
    ['rows with a sum of zero', balanced(normalMatrix(30, 200)), 29],
  ])('keeps the products of %s, in as many coordinates as they span', async (_, x, rank) => {
    const spanned = await spannedRows(runtime, x)
    const { rows, basis } = spanned
    expect(rows.columns).toBe(rank)
    const products = plainProduct(x, transpose(x))
    expect(largestDifference(plainProduct(rows, transpose(rows)).data, products.data)).toBeLessThan(1e-9)
    expect(largestDifference(plainProduct(transpose(basis!), basis!).data, identity(rank).data)).toBeLessThan(1e-12)
    const map = normalMatrix(rank, 3)
    const image = plainProduct(x, await fromSpan(runtime, spanned, map))
    expect(largestDifference(plainProduct(rows, map).data, image.data)).toBeLessThan(1e-9)
  })

  it.each([
    ['few features', normalMatrix(20, 128)],
    ['many rows', normalMatrix(120, 150)],
    ['nothing but zeros', matrix(20, 200)],
  ])('leaves rows as they are, %s', async (_, x) => {
    const spanned = await spannedRows(runtime, x)
    expect(spanned.rows).toBe(x)
    const map = normalMatrix(x.columns, 2)
    expect(await fromSpan(runtime, spanned, map)).toBe(map)
  })
})

describe('methods that work in the span of few rows', () => {
  const shape = { features: 100, classes: 3, apart: 6 }
  const source = shiftedClasses({ ...shape, rows: 45, shift: 0, seed: 1 })
  const target = shiftedClasses({ ...shape, rows: 30, shift: 0.005, seed: 2 })
  /** The same rows with 200 features more, all of them 0: too many columns to be worked on as they are. */
  const wide = (x: Matrix): Matrix => {
    const result = matrix(x.rows, 300)
    for (let i = 0; i < x.rows; i++) rowOf(result, i).set(rowOf(x, i))
    return result
  }

  it.each([
    ['tjm', {}],
    ['tjm', { unitRows: false, iterations: 3 }],
    ['jgsa', {}],
    ['jgsa', { kernel: 'linear', scaling: 'unit' }],
    // Later steps choose among rows that are about equally far, which rounding decides.
    ['dasvm', { iterations: 1 }],
    ['msda', { layers: 2 }],
  ])('predict what they do with all features: %s %o', async (method, options) => {
    const run = (change: (x: Matrix) => Matrix) =>
      adapt({
        task: { kind: 'classification', classes: ['a', 'b', 'c'] },
        sources: [{ ...source, features: change(source.features) }],
        target: { name: 't', features: change(target.features) },
        classifier: 'logistic-regression',
        method,
        options,
        runtime,
      })
    const [narrow, padded] = [await run((x) => x), await run(wide)]
    expect([...padded.predicted]).toEqual([...narrow.predicted])
    expect(largestDifference(padded.probabilities.data, narrow.probabilities.data)).toBeLessThan(CLOSE)
  })
})

/** What methods and classifiers that end at a residual leave open. */
const CLOSE = 1e-6

/** The last row replaced by minus the sum of the others. */
function balanced(x: Matrix): Matrix {
  const kept = sliceRows(x, 0, x.rows - 1)
  const last = matrix(1, x.columns)
  for (let at = 0; at < kept.data.length; at++) last.data[at % x.columns]! -= kept.data[at]!
  return stackRows([kept, last])
}
