import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { type Matrix, matrix, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { relativeScatter } from './relative-scatter.ts'
import { regularisedCovariance, scatter } from './scatter.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

function plainMean(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.columns }, (_, j) => {
    let sum = 0
    for (let i = 0; i < x.rows; i++) sum += x.data[i * x.columns + j]!
    return sum / x.rows
  })
}

function plainScatter(x: Matrix): Matrix {
  const mean = plainMean(x)
  const residual = matrix(
    x.rows,
    x.columns,
    x.data.map((value, i) => value - mean[i % x.columns]!),
  )
  return plainProduct(transpose(residual), residual)
}

const shapes = [
  [40, 1],
  [1, 3],
  [30, 7],
  [50, 81],
] as const

describe('scatter', () => {
  it.each(shapes)('is mean and products of the centred rows, %i × %i', async (rows, columns) => {
    const x = normalMatrix(rows, columns)
    const { mean, products } = await scatter(runtime, x)
    expect(largestDifference(mean, plainMean(x))).toBeLessThan(1e-14)
    expect(largestDifference(products.data, plainScatter(x).data)).toBeLessThan(1e-12)
  })

  it('loses no digits far from the origin', async () => {
    const near = normalMatrix(200, 70)
    const far = matrix(
      200,
      70,
      near.data.map((value) => value + 1e6),
    )
    const { products } = await scatter(runtime, far)
    expect(largestDifference(products.data, plainScatter(near).data)).toBeLessThan(1e-6)
  })
})

describe('regularisedCovariance', () => {
  it.each(shapes)('is the scatter over n − 1 plus the ridge, %i × %i', async (rows, columns) => {
    const x = normalMatrix(rows, columns)
    const expected = plainScatter(x).data.map(
      (value, i) => value / Math.max(rows - 1, 1) + (i % (columns + 1) === 0 ? 0.25 : 0),
    )
    expect(largestDifference((await regularisedCovariance(runtime, x, 0.25)).data, expected)).toBeLessThan(1e-13)
  })
})

describe('relativeScatter', () => {
  it.each(shapes)('is the products of the rows, and scatter times them, %i × %i', async (rows, columns) => {
    const x = normalMatrix(rows, columns)
    const result = await relativeScatter(runtime, x)
    const metric = plainProduct(transpose(x), x)
    const expected = plainProduct(plainScatter(x), metric)
    expect(largestDifference(result.metric.data, metric.data)).toBeLessThan(1e-12)
    expect(largestDifference(result.scatter.data, expected.data)).toBeLessThan(1e-9)
  })
})
