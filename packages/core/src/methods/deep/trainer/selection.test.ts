import { expect, test } from 'vitest'
import { matrixFromRows } from '../../../tensor/index.ts'
import { selectionScore, softmaxRows } from './selection.ts'

const sure = matrixFromRows([
  [50, 0],
  [0, 50],
  [50, 0],
  [0, 50],
])
const collapsed = matrixFromRows([
  [50, 0],
  [50, 0],
  [50, 0],
  [50, 0],
])
const unsure = matrixFromRows([
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
])

test('softmax of logits, large ones included', () => {
  const [a, b] = softmaxRows(matrixFromRows([[1000, 1001]])).data
  expect(a).toBeCloseTo(1 / (1 + Math.E), 12)
  expect(a! + b!).toBeCloseTo(1, 12)
})

test('entropy prefers what is sure, and does not see a collapse into one class', () => {
  expect(selectionScore('entropy', sure)).toBeCloseTo(0, 6)
  expect(selectionScore('entropy', collapsed)).toBeCloseTo(0, 6)
  expect(selectionScore('entropy', unsure)).toBeCloseTo(-Math.log(2), 12)
})

test('information is the entropy of the mean less the mean entropy: a collapse has none', () => {
  expect(selectionScore('information', sure)).toBeCloseTo(Math.log(2), 6)
  expect(selectionScore('information', collapsed)).toBeCloseTo(0, 6)
  expect(selectionScore('information', unsure)).toBeCloseTo(0, 12)
})

test('neighbourhood density by its formula: the entropy of softmax(cosine / 0.05) over the other rows', () => {
  // Of each sure row one other has cosine 1 and two have 0.
  const weights = [1, Math.exp(-20), Math.exp(-20)]
  const sum = weights.reduce((a, b) => a + b)
  const expected = weights.reduce((entropy, w) => entropy - (w / sum) * Math.log(w / sum), 0)
  expect(selectionScore('neighbourhood', sure)).toBeCloseTo(expected, 10)
  // Where all are alike, each has three neighbours.
  expect(selectionScore('neighbourhood', unsure)).toBeCloseTo(Math.log(3), 10)
})
