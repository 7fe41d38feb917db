import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { matrixFromRows, seededRandom } from '../../../tensor/index.ts'
import { centroidLabels } from './centroid-labels.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** The paper's equations by plain sums, over the classes that rows have. */
function plainly(features: readonly number[][], probabilities: readonly number[][]): number[] {
  const length = (row: readonly number[]) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0))
  const units = features.map((row) => [...row, 1]).map((row) => row.map((x) => x / length(row)))
  const largest = (row: readonly number[]) => row.indexOf(Math.max(...row))
  let labels = probabilities.map(largest)
  let weights: readonly (readonly number[])[] = probabilities
  for (const _ of [1, 2]) {
    const centroids = probabilities[0]!.map((_, c) => {
      const total = weights.reduce((sum, row) => sum + row[c]!, 0)
      return units[0]!.map((_, j) => units.reduce((sum, unit, i) => sum + (weights[i]![c]! / total) * unit[j]!, 0))
    })
    const had = new Set(labels)
    labels = units.map((unit) =>
      largest(
        centroids.map((centroid, c) => {
          const dot = unit.reduce((sum, x, j) => sum + x * centroid[j]!, 0)
          return had.has(c) ? dot / length(centroid) : Number.NEGATIVE_INFINITY
        }),
      ),
    )
    weights = labels.map((label) => probabilities[0]!.map((_, c) => Number(c === label)))
  }
  return labels
}

describe('labels of the nearest centroids', () => {
  it('are those of the equations', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const random = seededRandom(seed)
      const features = Array.from({ length: 30 }, () => Array.from({ length: 4 }, () => random.normal() + 1))
      const probabilities = features.map(() => {
        const powers = Array.from({ length: 3 }, () => Math.exp(random.normal()))
        return powers.map((power) => power / powers.reduce((a, b) => a + b))
      })
      const found = await centroidLabels(runtime, matrixFromRows(features), matrixFromRows(probabilities))
      expect([...found]).toEqual(plainly(features, probabilities))
    }
  })

  it('take a row that was put among others back to its own', async () => {
    const features = [
      [4, 0],
      [5, 0.2],
      [4, 0.1],
      [0, 4],
      [0.2, 5],
      [0.1, 4],
    ]
    const wrong = 2
    const probabilities = features.map((_, i) => (i < 3 && i !== wrong ? [0.9, 0.1] : [0.2, 0.8]))
    const found = await centroidLabels(runtime, matrixFromRows(features), matrixFromRows(probabilities))
    expect([...found]).toEqual([0, 0, 0, 1, 1, 1])
  })

  it('give no row a class that none was predicted to have', async () => {
    const features = [
      [1, 0],
      [0, 1],
      [-1, -1],
    ]
    const probabilities = [
      [0.5, 0.1, 0.4],
      [0.1, 0.5, 0.4],
      [0.3, 0.4, 0.3],
    ]
    const found = await centroidLabels(runtime, matrixFromRows(features), matrixFromRows(probabilities))
    expect([...found]).not.toContain(2)
    expect([...(await centroidLabels(runtime, matrixFromRows([[0, 0]]), matrixFromRows([[0, 1]])))]).toEqual([1])
  })
})
