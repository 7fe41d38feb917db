import { afterAll, describe, expect, it } from 'vitest'
import { scatter, symmetricEigen } from '../../../linalg/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, matrixFromRows, seededRandom } from '../../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../../../testing/matrices.ts'
import { adapt } from '../../adapt.ts'
import { covarianceOf, gaussianMap } from './gaussian-map.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('the map between Gaussians', () => {
  it('stretches each axis by the ratio of deviations where covariances are diagonal', async () => {
    const [from, to] = [diagonal(4, 1, 0.25), diagonal(1, 9, 0.25)]
    expect(largestDifference((await gaussianMap(runtime, from, to)).data, diagonal(0.5, 3, 1).data)).toBeLessThan(1e-14)
  })

  it.each([1, 2, 40])('is symmetric, positive, and gives the target’s covariance in %i dimensions', async (d) => {
    const values = (seed: number) => Array.from({ length: d }, (_, i) => 10 ** (((i * 7 + seed) % 5) - 2))
    const from = symmetricWith(values(1), seededRandom(1))
    const to = symmetricWith(values(3), seededRandom(2))
    const map = await gaussianMap(runtime, from, to)
    const reached = plainProduct(map, plainProduct(from, map))
    expect(largestDifference(reached.data, to.data)).toBeLessThan(1e-10)
    for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) expect(map.data[i * d + j]).toBe(map.data[j * d + i])
    expect(symmetricEigen(map).values.at(-1)).toBeGreaterThan(0)
  })
})

describe('by products alone', () => {
  const spectrum = (d: number, seed: number) =>
    Array.from({ length: d }, (_, i) => 10 ** (((i * 7 + seed) % 31) / 10 - 1))

  it('is the same map where the covariances are conditioned well', async () => {
    const [from, to] = [
      symmetricWith(spectrum(90, 1), seededRandom(1)),
      symmetricWith(spectrum(90, 5), seededRandom(2)),
    ]
    const [quick, plain] = [await gaussianMap(runtime, from, to, 0.09), await gaussianMap(runtime, from, to)]
    expect(quick.data).not.toEqual(plain.data)
    expect(largestDifference(quick.data, plain.data)).toBeLessThan(1e-10)
  })

  it('is not tried where the bound says nothing', async () => {
    const [from, to] = [
      symmetricWith(spectrum(90, 1), seededRandom(1)),
      symmetricWith(spectrum(90, 5), seededRandom(2)),
    ]
    expect((await gaussianMap(runtime, from, to, 1e-8)).data).toEqual((await gaussianMap(runtime, from, to)).data)
  })
})

describe('linear-ot', () => {
  it('gives the source the target’s mean and covariance and leaves the target alone', async () => {
    const random = seededRandom(4)
    const turn = normalMatrix(5, 5, random)
    const source = plainProduct(normalMatrix(80, 5, random), turn)
    const target = matrix(
      60,
      5,
      normalMatrix(60, 5, random).data.map((value, e) => (1 + (e % 5)) * value + 3),
    )
    const { after } = await fit(source, target)
    const [moved, wanted] = [await scatter(runtime, after.source), await scatter(runtime, target)]
    expect(largestDifference(moved.mean, wanted.mean)).toBeLessThan(1e-12)
    const [got, expected] = [covarianceOf(moved, 80, 0), covarianceOf(wanted, 60, 0)]
    expect(largestDifference(got.data, expected.data)).toBeLessThan(1e-6)
    expect(after.target.data).toEqual(target.data)
  })

  it('undoes a shift and a positive stretch exactly', async () => {
    const source = normalMatrix(50, 3)
    const stretch = symmetricWith([0.2, 1, 7])
    const target = plainProduct(source, stretch)
    const { after } = await fit(source, target)
    expect(largestDifference(after.source.data, target.data)).toBeLessThan(1e-6)
  })

  it('is the same map where few rows of many features are mapped within their span', async () => {
    const [source, target] = [normalMatrix(20, 150, seededRandom(7)), normalMatrix(30, 150, seededRandom(8))]
    const covariance = async (x: Matrix) => covarianceOf(await scatter(runtime, x), x.rows, 0.1)
    const map = await gaussianMap(runtime, await covariance(source), await covariance(target))
    const [from, to] = [(await scatter(runtime, source)).mean, (await scatter(runtime, target)).mean]
    const centred = matrix(
      20,
      150,
      source.data.map((value, e) => value - from[e % 150]!),
    )
    const expected = plainProduct(centred, map).data.map((value, e) => value + to[e % 150]!)
    const { after } = await fit(source, target, { ridge: 0.1 })
    expect(largestDifference(after.source.data, expected)).toBeLessThan(1e-9)
  })

  it('stays finite where there are fewer rows than features', async () => {
    const { after } = await fit(normalMatrix(6, 20, seededRandom(5)), normalMatrix(7, 20, seededRandom(6)))
    expect(after.source.data.every((value) => Math.abs(value) < 100)).toBe(true)
  })
})

const fit = (source: Matrix, target: Matrix, options = {}) =>
  adapt({
    options,
    task: { kind: 'classification', classes: ['a', 'b'] },
    sources: [{ name: 's', features: source, labels: Int32Array.from({ length: source.rows }, (_, i) => i % 2) }],
    target: { name: 't', features: target },
    method: 'linear-ot',
    scale: 'none',
    runtime,
  })

const diagonal = (...values: number[]): Matrix =>
  matrixFromRows(values.map((v, i) => values.map((_, j) => (i === j ? v : 0))))
