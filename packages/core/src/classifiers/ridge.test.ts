import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrix, matrixFromRows, rowOf, seededRandom } from '../tensor/index.ts'
import { ridge } from './ridge.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const alpha = 0.7

function sample(n: number, d: number) {
  const random = seededRandom(n)
  const labels = Int32Array.from({ length: n }, (_, i) => i % 3)
  const rows = Array.from(labels, (label) =>
    Array.from({ length: d }, (_, j) => 5 + random.normal() + (j === label ? 1 : 0)),
  )
  const sampleWeights = Float64Array.from({ length: n }, () => 0.2 + random.uniform())
  return { features: matrixFromRows(rows), labels, classes: 3, sampleWeights }
}

test.each([
  ['more rows than features', 40, 6],
  ['fewer rows than features', 9, 25],
])('the gradient of the objective is zero at the solution: %s', async (_, n, d) => {
  const set = sample(n, d)
  const stage = await ridge.fit(set, ridge.options.parse({ alpha }), { runtime, random: seededRandom(0) })
  const weights = matrix(d, 3, stage.parameters.weights.data as Float64Array)
  const intercepts = stage.parameters.intercepts.data as Float64Array
  for (let c = 0; c < 3; c++) {
    const byWeight = Float64Array.from({ length: d }, (_, j) => alpha * weights.data[3 * j + c])
    let byIntercept = 0
    set.labels.forEach((label, i) => {
      const row = rowOf(set.features, i)
      const decision = row.reduce((sum, v, j) => sum + v * weights.data[3 * j + c], intercepts[c])
      const residual = set.sampleWeights[i] * (decision - (label === c ? 1 : -1))
      byIntercept += residual
      for (let j = 0; j < d; j++) byWeight[j] += residual * row[j]
    })
    expect(Math.abs(byIntercept)).toBeLessThan(1e-10)
    for (const g of byWeight) expect(Math.abs(g)).toBeLessThan(1e-10)
  }
})

test('huge features that depend on each other are no obstacle', async () => {
  const { features, labels } = sample(30, 4)
  for (let i = 0; i < 30; i++) {
    const row = rowOf(features, i)
    for (let j = 0; j < 3; j++) row[j] *= 1e9
    row[3] = row[0] + row[1]
  }
  const stage = await ridge.fit({ features, labels, classes: 3 }, ridge.options.parse({}), {
    runtime,
    random: seededRandom(0),
  })
  for (const value of stage.parameters.weights.data as Float64Array) expect(Number.isFinite(value)).toBe(true)
})
