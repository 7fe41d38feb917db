import { type Matrix, matrix, rowOf } from '../tensor/index.ts'

/** A column that deviates from its mean by less than this share of it is constant, and the rest is rounding. */
const ROUNDING = 1e-13

/** The rows of `x` (`n × d`) less their mean row; constant columns become exactly 0. */
export function centredRows(x: Matrix): Matrix {
  const first = meanRow(x)
  const once = subtract(x, first)
  const twice = subtract(once, meanRow(once))
  const widest = new Float64Array(x.columns)
  twice.data.forEach((value, i) => {
    widest[i % x.columns] = Math.max(widest[i % x.columns], Math.abs(value))
  })
  const varies = widest.map((deviation, j) => (deviation > ROUNDING * Math.abs(first[j]) ? 1 : 0))
  return matrix(
    x.rows,
    x.columns,
    twice.data.map((value, i) => (varies[i % x.columns] === 1 ? value : 0)),
  )
}

function meanRow(x: Matrix): Float64Array {
  const mean = new Float64Array(x.columns)
  for (let i = 0; i < x.rows; i++) {
    const row = rowOf(x, i)
    for (let j = 0; j < x.columns; j++) mean[j] += row[j] / x.rows
  }
  return mean
}

const subtract = (x: Matrix, row: Float64Array): Matrix =>
  matrix(
    x.rows,
    x.columns,
    x.data.map((value, i) => value - row[i % x.columns]),
  )
