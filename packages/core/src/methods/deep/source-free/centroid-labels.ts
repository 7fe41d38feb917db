import { multiply } from '../../../linalg/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { type Matrix, matrix, rowOf } from '../../../tensor/index.ts'
import { predictedClasses } from '../../rows.ts'
import { unitRows } from './unit-rows.ts'

/**
 * SHOT's pseudo-labels (Liang 2020, section 3.3): each class has a centroid, the mean of all rows' features weighted by the
 * rows' probabilities of it, each row takes the class of the nearest one by cosine, and with those labels as weights the
 * same is done once more. Features (`n × d`) are brought to length 1 together with a 1 in an additional column; classes
 * that no row has are left out. `probabilities` are `n × C`; gives `n` classes.
 */
export async function centroidLabels(runtime: Runtime, features: Matrix, probabilities: Matrix): Promise<Int32Array> {
  const units = unitRows(extended(features))
  const first = await nearest(runtime, units, probabilities, predictedClasses(probabilities))
  const again = matrix(probabilities.rows, probabilities.columns)
  first.forEach((label, i) => {
    rowOf(again, i)[label] = 1
  })
  return nearest(runtime, units, again, first)
}

/** The classes of the centroids that rows are nearest to; `labels`: the classes that have one. */
async function nearest(runtime: Runtime, units: Matrix, weights: Matrix, labels: Int32Array): Promise<Int32Array> {
  // A centroid's length does not matter to cosines, so that sums serve as well as means.
  const centroids = unitRows(await multiply(runtime, weights, units, { a: true }))
  const cosines = await multiply(runtime, units, centroids, { b: true })
  const present = [...new Set(labels)].sort((a, b) => a - b)
  return Int32Array.from({ length: units.rows }, (_, i) => {
    const row = rowOf(cosines, i)
    return present.reduce((best, c) => (row[c]! > row[best]! ? c : best))
  })
}

/** The rows with a 1 behind. */
function extended({ rows, columns, data }: Matrix): Matrix {
  const result = matrix(rows, columns + 1)
  for (let i = 0; i < rows; i++) {
    rowOf(result, i).set([...data.subarray(i * columns, (i + 1) * columns), 1])
  }
  return result
}
