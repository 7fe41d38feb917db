import { InvalidInputError } from '../../errors.ts'
import { squaredDistances } from '../../linalg/index.ts'
import { type Matrix, matrix, rowOf } from '../../tensor/index.ts'
import type { MethodContext } from '../method.ts'
import { isLabelled, type PooledProblem } from '../rows.ts'
import { localPatterns, patternDistances } from './local-geometry.ts'

export interface GeometryOptions {
  /** Rows of a pattern, where there are as many. */
  readonly patternRows: number
  readonly patternDistance: 'relative' | 'absolute'
  /** How many rows each row is joined to; null: all. */
  readonly matches: number | null
  /** `δ`; null: from the median. */
  readonly delta: number | null
  readonly featureWeight: number
  /** Of all joins by labels together, against all by geometry. */
  readonly labelWeight: number
}

/**
 * Weights between the rows of two domains, `n_s × n_t`: `exp(−distance/δ²)` of their patterns' distance; where both have as
 * many features, times `exp(−featureWeight · ‖x − y‖² / mean)`; 0 where neither row is among those that go best with the
 * other. Labelled rows of one class are joined besides, and those of different classes not at all. Throws `InvalidInputError`
 * where `delta` is so small that nothing is joined.
 */
export async function geometryWeights(
  { runtime }: Pick<MethodContext, 'runtime'>,
  { source, target, task }: PooledProblem,
  { patternRows, patternDistance, matches, delta, featureWeight, labelWeight }: GeometryOptions,
): Promise<Matrix> {
  const [x, y] = [source.features, target.features]
  const [n, m] = [x.rows, y.rows]
  const k = Math.min(patternRows, n - 1, m - 1)
  const patterns = async (rows: Matrix) => localPatterns(runtime, rows, k)
  const costs =
    k < 1
      ? matrix(n, m)
      : await patternDistances(runtime, await patterns(x), await patterns(y), patternDistance === 'relative')
  const scale = delta === null ? medianOfBest(costs, matches) : delta ** 2
  for (let at = 0; at < costs.data.length; at++) costs.data[at] /= scale
  if (featureWeight > 0 && x.columns === y.columns) {
    const { data } = await squaredDistances(runtime, x, y)
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    if (mean > 0) for (let at = 0; at < data.length; at++) costs.data[at] += (featureWeight * data[at]) / mean
  }
  const kept = matches === null ? undefined : bestOfBoth(costs, matches)
  const weights = matrix(n, m)
  for (let at = 0; at < costs.data.length; at++) {
    if (kept === undefined || kept[at] === 1) weights.data[at] = Math.exp(-costs.data[at])
  }
  if (!weights.data.some((weight) => weight > 0)) {
    throw new InvalidInputError(
      `no row of the source is joined to one of the target with delta=${delta}: raise delta, or leave it out`,
    )
  }
  if (task.kind === 'classification' && labelWeight > 0) joinClasses(weights, source.labels, target.labels, labelWeight)
  return weights
}

/** In place: no weight between rows of different classes, and between those of one class `share` times all others together. */
function joinClasses(weights: Matrix, source: Int32Array, target: Int32Array, share: number): void {
  let [joins, total] = [0, 0]
  const each = (change: (weight: number, same: boolean) => number): void => {
    for (let i = 0; i < source.length; i++) {
      const row = rowOf(weights, i)
      for (let j = 0; j < target.length; j++) {
        if (isLabelled(source[i]) && isLabelled(target[j])) row[j] = change(row[j], source[i] === target[j])
      }
    }
  }
  each((weight, same) => {
    joins += same ? 1 : 0
    return same ? weight : 0
  })
  for (const weight of weights.data) total += weight
  // Where all joins were between different classes, nothing else is left.
  each((weight, same) => weight + (same ? (share * (total || 1)) / joins : 0))
}

/** Weights do not tell patterns apart that are this close, as a part of the mean distance: rounding is all that does. */
const CLOSE = 1e-3

/** The median of the distances of rows that are joined; 1 where all are 0. */
function medianOfBest(distances: Matrix, matches: number | null): number {
  const kept = matches === null ? undefined : bestOfBoth(distances, matches)
  const values = distances.data.filter((_, at) => kept === undefined || kept[at] === 1).sort()
  const mean = distances.data.reduce((sum, value) => sum + value, 0) / distances.data.length
  return Math.max(values[values.length >> 1], CLOSE * mean) || 1
}

/** 1 where an element is among the `count` smallest of its row or its column, of equal ones those that come first. */
function bestOfBoth({ rows: n, columns: m, data }: Matrix, count: number): Uint8Array {
  const kept = new Uint8Array(n * m)
  const mark = (places: Int32Array): void => {
    for (const at of places.sort((a, b) => data[a] - data[b] || a - b).subarray(0, count)) kept[at] = 1
  }
  for (let i = 0; i < n; i++) mark(Int32Array.from({ length: m }, (_, j) => i * m + j))
  for (let j = 0; j < m; j++) mark(Int32Array.from({ length: n }, (_, i) => i * m + j))
  return kept
}
