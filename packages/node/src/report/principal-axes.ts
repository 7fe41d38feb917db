import { type Matrix, matrix, type Random, rowOf, symmetricEigen } from 'graft-learn'

/** How many directions start the search, and how many it may try in all. */
const [block, limit] = [4, 32]

/** The mean of a sample and the directions of its largest variance, unit vectors, the first the largest. */
export interface PrincipalAxes {
  /** `d`. */
  readonly mean: Float64Array
  /** Two vectors of `d`; zeros where the sample varies in fewer directions. */
  readonly axes: readonly [Float64Array, Float64Array]
}

/**
 * The two first principal axes of `n × d` rows by a block Krylov method with Rayleigh and Ritz: 32 products with the
 * covariance that is never formed, 64 · n · d multiplications in all; exact where d ≤ 32. The largest entry of
 * each axis is positive.
 */
export function principalAxes(rows: Matrix, random: Random): PrincipalAxes {
  const d = rows.columns
  const mean = columnMeans(rows)
  const basis: Float64Array[] = []
  const images: Float64Array[] = []
  const tryDirection = (direction: Float64Array) => {
    const unit = orthonormal(direction, basis)
    if (unit !== null) basis.push(unit)
  }
  for (let i = 0; i < Math.min(block, d); i++) tryDirection(Float64Array.from({ length: d }, () => random.normal()))
  for (let i = 0; i < basis.length; i++) {
    images.push(covarianceTimes(rows, mean, basis[i]!))
    if (basis.length < Math.min(limit, d)) tryDirection(images[i]!)
  }
  const small = matrix(basis.length, basis.length)
  basis.forEach((left, i) => {
    images.forEach((right, j) => {
      small.data[i * basis.length + j] = (dot(left, right) + dot(basis[j]!, images[i]!)) / 2
    })
  })
  const { values, vectors } = symmetricEigen(small)
  const axis = (k: number): Float64Array => {
    const result = new Float64Array(d)
    if (k >= basis.length || values[k]! <= 1e-12 * values[0]!) return result
    basis.forEach((vector, i) => {
      add(result, vectors.data[i * basis.length + k]!, vector)
    })
    const largest = result.reduce((best, x) => (Math.abs(x) > Math.abs(best) + 1e-12 ? x : best), 0)
    return largest < 0 ? result.map((x) => -x) : result
  }
  return { mean, axes: [axis(0), axis(1)] }
}

function columnMeans(rows: Matrix): Float64Array {
  const mean = new Float64Array(rows.columns)
  for (let i = 0; i < rows.rows; i++) add(mean, 1 / rows.rows, rowOf(rows, i))
  return mean
}

/** Σ (x − mean) ((x − mean)ᵀ v) / n. */
function covarianceTimes(rows: Matrix, mean: Float64Array, v: Float64Array): Float64Array {
  const result = new Float64Array(v.length)
  const offset = dot(mean, v)
  let weight = 0
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i)
    const score = (dot(row, v) - offset) / rows.rows
    add(result, score, row)
    weight += score
  }
  add(result, -weight, mean)
  return result
}

/** The part of a direction that is orthogonal to the basis, at length one; null where nothing of it is left. */
function orthonormal(direction: Float64Array, basis: readonly Float64Array[]): Float64Array | null {
  const rest = direction.slice()
  const before = Math.sqrt(dot(rest, rest))
  for (let pass = 0; pass < 2; pass++) for (const unit of basis) add(rest, -dot(rest, unit), unit)
  const length = Math.sqrt(dot(rest, rest))
  return length > 1e-10 * before ? rest.map((x) => x / length) : null
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function add(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + factor * from[i]!
}
