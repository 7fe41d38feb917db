import { expect, it } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { drawSplit, taskRows } from './class-split.ts'

const labels = Int32Array.from({ length: 400 }, (_, row) => (row < 20 ? -1 : row % 4))

it('draws halves that have every class once, others for other seeds', () => {
  const halves = Array.from({ length: 20 }, (_, seed) => drawSplit(7, 'random', seededRandom(seed)))
  for (const { a, b } of halves) {
    expect([a.length, b.length]).toEqual([3, 4])
    expect([...a, ...b].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  }
  expect(new Set(halves.map(({ a }) => a.join())).size).toBeGreaterThan(10)
})

it('holds out a part of each class and trains on as many rows of each as asked for', () => {
  const { train, test } = taskRows(labels, [1, 3], { heldOut: 0.2, rowsPerClass: 30 }, seededRandom(1))
  const counts = (rows: Int32Array) => [0, 1, 2, 3].map((c) => [...rows].filter((row) => labels[row] === c).length)
  expect(counts(test)).toEqual([0, 19, 0, 19])
  expect(counts(train)).toEqual([0, 30, 0, 30])
  expect([...train].some((row) => test.includes(row))).toBe(false)
  const all = taskRows(labels, [1, 3], { heldOut: 0.2 }, seededRandom(1))
  expect(all.test).toEqual(test)
  expect(counts(all.train)).toEqual([0, 76, 0, 76])
})

it('refuses a class without rows', () => {
  expect(() => taskRows(Int32Array.of(0, 0, 0, 1), [0, 1], { heldOut: 0.75 }, seededRandom(0))).toThrow(
    /class 1 has no rows to train on/,
  )
})
