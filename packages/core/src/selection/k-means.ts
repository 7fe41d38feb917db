import { squaredDistances } from '../linalg/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, type Random, rowOf, sliceRows, takeRows } from '../tensor/index.ts'

const MOST_ROUNDS = 100

/**
 * Assigns rows `x` (`n × d`) to `k` clusters, each row to the nearest mean (Lloyd 1982), from starts that lie apart
 * (k-means++: Arthur, Vassilvitskii 2007). Returns `n` cluster numbers; a cluster that loses all rows starts anew at the
 * row that is farthest from its mean. `k` is from 1 to `n`.
 */
export async function kMeans(runtime: Runtime, x: Matrix, k: number, random: Random): Promise<Int32Array> {
  let means = await spreadRows(runtime, x, k, random)
  let assigned = new Int32Array(x.rows).fill(-1)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const distances = await squaredDistances(runtime, x, means)
    const nearest = Int32Array.from({ length: x.rows }, (_, i) => {
      const row = rowOf(distances, i)
      return row.reduce((best, value, c) => (value < row[best] ? c : best), 0)
    })
    fillEmpty(nearest, distances)
    if (nearest.every((cluster, i) => cluster === assigned[i])) break
    assigned = nearest
    means = meansOf(x, assigned, k)
  }
  return assigned
}

/** `k` rows, each drawn with a probability that grows with the squared distance to those drawn before. */
async function spreadRows(runtime: Runtime, x: Matrix, k: number, random: Random): Promise<Matrix> {
  const chosen = [random.integer(x.rows)]
  const least = new Float64Array(x.rows).fill(Number.POSITIVE_INFINITY)
  while (chosen.length < k) {
    const last = chosen.at(-1)!
    const { data } = await squaredDistances(runtime, x, sliceRows(x, last, last + 1))
    data.forEach((distance, i) => {
      least[i] = i === last ? 0 : Math.min(least[i], distance)
    })
    chosen.push(drawRow(least, chosen, random))
  }
  return takeRows(x, chosen)
}

/** A row drawn by weight; where no weight is left, the first row not chosen yet. */
function drawRow(weights: Float64Array, chosen: readonly number[], random: Random): number {
  const total = weights.reduce((sum, value) => sum + value, 0)
  if (!(total > 0)) return weights.findIndex((_, i) => !chosen.includes(i))
  let left = random.uniform() * total
  const drawn = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return drawn >= 0 ? drawn : weights.findLastIndex((weight) => weight > 0)
}

/** Gives each cluster without rows the row that is farthest from its own mean, of clusters with rows to spare. */
function fillEmpty(nearest: Int32Array, distances: Matrix): void {
  const sizes = new Int32Array(distances.columns)
  for (const cluster of nearest) sizes[cluster] += 1
  const farthestFirst = Array.from(nearest.keys()).sort((i, j) => ownDistance(j) - ownDistance(i))
  sizes.forEach((size, empty) => {
    if (size > 0) return
    const row = farthestFirst.find((i) => sizes[nearest[i]] > 1)!
    sizes[nearest[row]] -= 1
    sizes[empty] = 1
    nearest[row] = empty
  })
  function ownDistance(i: number): number {
    return distances.data[i * distances.columns + nearest[i]]
  }
}

function meansOf(x: Matrix, assigned: Int32Array, k: number): Matrix {
  const means = matrix(k, x.columns)
  const sizes = new Int32Array(k)
  assigned.forEach((cluster, i) => {
    sizes[cluster] += 1
    const mean = rowOf(means, cluster)
    rowOf(x, i).forEach((value, j) => {
      mean[j] += (value - mean[j]) / sizes[cluster]
    })
  })
  return means
}
