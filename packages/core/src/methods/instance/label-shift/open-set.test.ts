import { afterAll, describe, expect, it } from 'vitest'
import { writeModel } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, stackRows } from '../../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../../../testing/matrices.ts'
import { adapt } from '../../adapt.ts'
import { transform } from './assign-and-transform.ts'
import { OUTLIER } from './covering-assignment.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Gaussian classes in twenty dimensions; the target's are turned in the plane of each pair of axes. */
function clouds(rows: number, classes: number, angle: number, seed: number) {
  const [random, centres] = [seededRandom(seed), seededRandom(50)]
  const centre = Array.from({ length: 6 }, () => Float64Array.from({ length: 20 }, () => 1.5 * centres.normal()))
  const features = matrix(rows, 20)
  const labels = Int32Array.from({ length: rows }, () => random.integer(classes))
  for (let i = 0; i < rows; i++) {
    const row = rowOf(features, i)
    for (let j = 0; j < 20; j++) row[j] = random.normal() + centre[labels[i]][j]
    for (let j = 0; j < 20; j += 2) {
      const [a, b] = [row[j], row[j + 1]]
      row[j] = Math.cos(angle) * a - Math.sin(angle) * b
      row[j + 1] = Math.sin(angle) * a + Math.cos(angle) * b
    }
  }
  return { name: 'd', features, labels }
}

const source = clouds(300, 3, 0, 1)
const target = clouds(300, 6, 0.6, 2)

const run = async (method: string, changes: object = {}) => {
  const result = await adapt({
    task: { kind: 'classification', classes: ['a', 'b', 'c'] },
    sources: [source],
    target: { name: 't', features: target.features },
    scale: 'none',
    method,
    runtime,
    ...changes,
  })
  const count = (test: (truth: number, predicted: number) => boolean, of: (truth: number) => boolean) => {
    const rows = [...target.labels.keys()].filter((i) => of(target.labels[i]))
    return rows.filter((i) => test(target.labels[i], result.predicted[i])).length / rows.length
  }
  return {
    ...result,
    known: count(
      (truth, predicted) => predicted === truth,
      (truth) => truth < 3,
    ),
    unknown: count(
      (_, predicted) => predicted === 3,
      (truth) => truth >= 3,
    ),
    all: count(
      (truth, predicted) => predicted === Math.min(truth, 3),
      () => true,
    ),
  }
}

describe('open set adaptation', () => {
  it.each(['nearest-neighbour', 'linear-svm'])(
    'tells known classes apart and unknown ones from them, with %s',
    async (classifier) => {
      const plain = await run('none', { classifier })
      const open = await run('open-set', { classifier })
      expect(plain.all).toBeLessThan(0.55)
      expect(open.known).toBeGreaterThan(0.85)
      expect(open.unknown).toBeGreaterThan(0.85)
      expect(open.classes).toEqual(['a', 'b', 'c', 'unknown'])
      expect(open.probabilities.columns).toBe(4)
    },
  )

  it('rejects more rows the less an unknown row costs', async () => {
    const outliers = async (outlierShare: number) =>
      Number((await run('open-set', { options: { outlierShare } })).facts.outliers)
    const [strict, middle, lax] = [await outliers(0.2), await outliers(0.5), await outliers(1)]
    expect(strict).toBeGreaterThan(middle)
    expect(middle).toBeGreaterThan(lax)
    expect(lax).toBe(0)
  })

  it('keeps labelled target rows in their class, one that the source lacks included', async () => {
    const labelledTarget = clouds(20, 4, 0.6, 5)
    const { predicted, classes } = await run('open-set', {
      task: { kind: 'classification', classes: ['a', 'b', 'c', 'd'] },
      labelledTarget,
      target: { name: 't', features: stackRows([labelledTarget.features, target.features]) },
    })
    expect(classes).toEqual(['a', 'b', 'c', 'd', 'unknown'])
    const right = [...target.labels.keys()].filter((i) => target.labels[i] === 3 && predicted[i + 20] === 3)
    expect(right.length).toBeGreaterThan(30)
  })

  it('writes the unknown class into the file', async () => {
    const { model, predicted } = await run('open-set')
    const data = Float32Array.from(target.features.data)
    const file = await runtime.runFile(writeModel(model), { features: { type: 'float32', dims: [300, 20], data } })
    const names = ['a', 'b', 'c', 'unknown']
    const equal = [...(file.label!.data as string[])].filter((name, i) => name === names[predicted[i]])
    expect(equal.length).toBeGreaterThan(297)
  })
})

describe('the transform', () => {
  const random = seededRandom(4)
  const means = normalMatrix(3, 6, random)
  const target = normalMatrix(30, 6, random)
  const assigned = Int32Array.from({ length: 30 }, (_, t) => (t % 5 === 4 ? OUTLIER : t % 3))

  /** `Σ_t ‖m_{c(t)} − x_t‖²` over assigned rows. */
  const cost = (moved: Matrix): number => {
    let sum = 0
    assigned.forEach((c, t) => {
      if (c !== OUTLIER) sum += rowOf(target, t).reduce((s, x, j) => s + (x - rowOf(moved, c)[j]) ** 2, 0)
    })
    return sum
  }

  it('is at the minimum over all linear maps, also where the means depend on one another', async () => {
    const dependent = matrix(3, 6, means.data.slice())
    for (let j = 0; j < 6; j++) dependent.data[12 + j] = dependent.data[j] - 0.5 * dependent.data[6 + j]
    for (const m of [means, dependent]) {
      const best = await transform(runtime, m, m, target, assigned)
      for (let trial = 0; trial < 50; trial++) {
        const change = normalMatrix(6, 6, random)
        const image = plainProduct(m, change).data
        const moved = matrix(
          3,
          6,
          best.data.map((v, at) => v + 0.01 * image[at]),
        )
        expect(cost(moved)).toBeGreaterThan(cost(best) - 1e-6)
      }
    }
  })

  it('is linear, and leaves what is orthogonal to the means as it is', async () => {
    const rows = normalMatrix(4, 6, random)
    const basis = await transform(
      runtime,
      matrix(
        6,
        6,
        Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0)),
      ),
      means,
      target,
      assigned,
    )
    const moved = await transform(runtime, rows, means, target, assigned)
    expect(largestDifference(moved.data, plainProduct(rows, basis).data)).toBeLessThan(1e-9)
    const across = rowOf(rows, 0).slice()
    for (let pass = 0; pass < 200; pass++) {
      for (let c = 0; c < 3; c++) {
        const m = rowOf(means, c)
        const along = m.reduce((s, v, j) => s + v * across[j], 0) / m.reduce((s, v) => s + v * v, 0)
        for (let j = 0; j < 6; j++) across[j] -= along * m[j]
      }
    }
    const kept = await transform(runtime, matrix(1, 6, across), means, target, assigned)
    expect(largestDifference(kept.data, across)).toBeLessThan(1e-7)
  })
})
