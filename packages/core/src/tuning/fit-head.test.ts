import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, type Tensor } from '../tensor/index.ts'
import { type FittedHead, fitHead, type HeadRequest } from './fit-head.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())
const fit = (request: HeadRequest, seed = 0) => fitHead(runtime, seededRandom(seed), request)

/** Rows around a centre for each class, `spread` wide, moved and scaled as features of networks are. */
function clusters(rows: number, spread: number, seed = 1, classes = 3, width = 5, unit = 1) {
  const random = seededRandom(seed)
  const features = matrix(rows, width)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  labels.forEach((label, row) => {
    const centre = seededRandom(99).fork(`${label}`)
    for (let j = 0; j < width; j++) rowOf(features, row)[j] = unit * (3 + centre.normal() + spread * random.normal())
  })
  return { features, labels, classes }
}

function logits({ weights, bias }: FittedHead, { rows, columns, data }: Matrix): number[][] {
  const classes = bias.dims[0]!
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: classes }, (_, c) => {
      let sum = Number(bias.data[c])
      for (let j = 0; j < columns; j++) sum += data[row * columns + j]! * Number(weights.data[j * classes + c])
      return sum
    }),
  )
}

function scored(head: FittedHead, { features, labels }: ReturnType<typeof clusters>) {
  const said = logits(head, features)
  const right = said.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length
  const loss = said.reduce((sum, row, i) => {
    const largest = Math.max(...row)
    const total = row.reduce((all, value) => all + Math.exp(value - largest), 0)
    return sum + Math.log(total) + largest - row[labels[i]!]!
  }, 0)
  return { accuracy: right / labels.length, loss: loss / labels.length }
}

describe('the head on fixed features', () => {
  it('tells clusters apart, with an accuracy that new rows confirm', async () => {
    const head = await fit(clusters(90, 0.7))
    expect(head.weights.dims).toEqual([5, 3])
    const fresh = scored(head, clusters(900, 0.7, 2))
    expect(fresh.accuracy).toBeGreaterThan(0.8)
    expect(Math.abs(head.accuracy! - fresh.accuracy)).toBeLessThan(0.1)
  })

  it('has probabilities about as good as the best sharpness of new rows would give', async () => {
    for (const spread of [0.3, 1.2]) {
      const head = await fit(clusters(90, spread))
      const fresh = clusters(900, spread, 2)
      const times = (tensor: Tensor, factor: number): Tensor => ({
        ...(tensor as Tensor<'float32'>),
        data: (tensor.data as Float32Array).map((value) => value * factor),
      })
      const losses = [0.25, 0.5, 0.7, 1.4, 2, 4].map(
        (factor) =>
          scored({ ...head, weights: times(head.weights, factor), bias: times(head.bias, factor) }, fresh).loss,
      )
      expect(scored(head, fresh).loss).toBeLessThan(Math.min(...losses) + 0.06)
    }
  })

  it('is no surer of classes that lie far apart than so many rows can make it', async () => {
    for (const rows of [12, 120]) {
      const data = clusters(rows, 0.02)
      const head = await fit(data)
      expect(head.accuracy).toBe(1)
      const gaps = logits(head, data.features).map((row) => {
        const [first, second] = [...row].sort((a, b) => b - a)
        return first! - second!
      })
      // By the rule of succession a class is right with odds of rows + 1 to 1, shared by two others; rows that were learned
      // from are a little surer than those held out.
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / rows
      expect(mean).toBeGreaterThan(Math.log(rows + 1) - 1)
      expect(mean).toBeLessThan(Math.log(2 * (rows + 1)) + 2.5)
    }
  })

  it('is the same head for features in another unit', async () => {
    const [small, large] = [await fit(clusters(60, 0.7)), await fit(clusters(60, 0.7, 1, 3, 5, 1000))]
    expect(large.c).toBe(small.c)
    const [a, b] = [
      logits(small, clusters(9, 0.7, 4).features),
      logits(large, clusters(9, 0.7, 4, 3, 5, 1000).features),
    ]
    for (const [i, value] of a.flat().entries()) expect(b.flat()[i]).toBeCloseTo(value, 2)
  })

  it('is unsure where labels follow from nothing', async () => {
    const noise = { ...clusters(60, 1), labels: Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 20)) }
    const said = logits(await fit(noise), noise.features).map((row) => Math.max(...row) - Math.min(...row))
    expect(Math.max(...said)).toBeLessThan(2)
  })

  it('names a penalty at least as strong to train on from, nearly as accurate, as sure of rows held out', async () => {
    // More features than rows: weak penalties follow the rows, strong ones leave much of them unlearned.
    const data = clusters(60, 3, 1, 3, 200)
    const head = await fit(data)
    const { c, sharpness } = head.softer!
    expect(c).toBeLessThanOrEqual(head.c)
    const [softer, weak] = [await fit({ ...data, chosen: head.softer }), await fit({ ...data, chosen: { c: 10 } })]
    expect(softer.sharpness).toBe(sharpness)
    expect(c).toBeLessThan(10)
    const fresh = clusters(900, 3, 2, 3, 200)
    expect(scored(softer, fresh).accuracy).toBeGreaterThan(scored(head, fresh).accuracy - 0.1)
    expect(scored(softer, fresh).loss).toBeLessThan(scored(weak, fresh).loss)
  })

  it('takes what is chosen instead of looking for it', async () => {
    const data = clusters(60, 0.7)
    const head = await fit({ ...data, chosen: { c: 0.5 } })
    expect(head).toMatchObject({ c: 0.5, sharpness: 1 })
    expect(head.accuracy).toBeUndefined()
    const twice = await fit({ ...data, chosen: { c: 0.5, sharpness: 2 } })
    for (const [i, value] of head.weights.data.entries()) {
      expect(twice.weights.data[i]).toBeCloseTo(2 * Number(value), 5)
    }
  })

  it('is found where a class has one row, or none', async () => {
    const data = clusters(20, 0.3)
    const one = Int32Array.from(data.labels, (label, i) => (i === 0 ? 2 : label % 2))
    const head = await fit({ ...data, labels: one })
    expect(head).toMatchObject({ c: 1, sharpness: 1 })
    const none = await fit({ ...data, labels: data.labels.map((label) => label % 2) })
    expect(none.weights.dims).toEqual([5, 3])
    expect(none.accuracy).toBeDefined()
    expect([...none.weights.data].every((value) => Number.isFinite(Number(value)))).toBe(true)
  })

  it('is finite for features that are all alike', async () => {
    const head = await fit({ ...clusters(20, 1), features: matrix(20, 5) })
    expect([...head.weights.data].every((value) => Number.isFinite(Number(value)))).toBe(true)
  })
})
