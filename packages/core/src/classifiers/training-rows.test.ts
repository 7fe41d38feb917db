import { expect, test } from 'vitest'
import { matrixFromRows } from '../tensor/index.ts'
import { trainingRows } from './training-rows.ts'

const features = matrixFromRows([[1], [2], [3], [4], [5]])
const set = { features, labels: Int32Array.of(3, 1, 1, 3, 1), classes: 5 }

test('classes that have rows are renumbered', () => {
  const rows = trainingRows(set, 'none')
  expect(rows.features).toBe(features)
  expect([...rows.present]).toEqual([1, 3])
  expect([...rows.labels]).toEqual([1, 0, 0, 1, 0])
  expect([...rows.weights]).toEqual([1, 1, 1, 1, 1])
})

test('balanced weights are those of scikit-learn: n / (classes · rows of the class)', () => {
  expect([...trainingRows(set, 'balanced').weights]).toEqual([5 / 4, 5 / 6, 5 / 6, 5 / 4, 5 / 6])
})

test('rows of weight zero are left out, and their class with them', () => {
  const rows = trainingRows({ ...set, sampleWeights: Float64Array.of(0, 1, 2, 0, 3) }, 'balanced')
  expect([...rows.features.data]).toEqual([2, 3, 5])
  expect([...rows.present]).toEqual([1])
  expect([...rows.weights]).toEqual([1, 2, 3])
})

test.each([
  [{ labels: Int32Array.of(1) }, '5 rows need as many labels, got 1'],
  [{ labels: Int32Array.of(0, 0, 5, 0, 0) }, 'row 3: a label is a class index from 0 to 4, got 5'],
  [{ labels: Int32Array.of(0, -1, 0, 0, 0) }, 'row 2: a label is a class index'],
  [{ sampleWeights: Float64Array.of(1) }, '5 rows need as many sample weights, got 1'],
  [{ sampleWeights: Float64Array.of(1, 1, -1, 1, 1) }, 'row 3: a sample weight is a number from 0 up, got -1'],
  [{ sampleWeights: new Float64Array(5) }, 'at least one row of positive weight'],
  [
    { features: matrixFromRows([[1], [2], [Number.NaN], [4], [5]]) },
    'row 3, column 1: a feature is a finite number, got NaN',
  ],
])('a wrong training set is refused: %o', (change, message) => {
  expect(() => trainingRows({ ...set, ...change }, 'none')).toThrow(message)
})
