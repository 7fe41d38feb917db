import { expect, test } from 'vitest'
import { balancedAccuracy, macroF1, perClassScores } from './class-scores.ts'

// Class 3 is predicted but has no rows, class 4 neither. Figures of scikit-learn 1.9.1.
const truth = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 2, 2, -1)
const predicted = Int32Array.of(0, 0, 1, 3, 1, 1, 0, 0, 1, 2)

test('precision, recall, F1 and support, zero where nothing is to divide by', () => {
  const scores = perClassScores(predicted, truth, 5)
  expect(scores.map((s) => s.precision)).toEqual([0.5, 0.5, 0, 0, 0])
  expect(scores.map((s) => s.recall)).toEqual([0.5, 2 / 3, 0, 0, 0])
  expect(scores.map((s) => s.f1)).toEqual([0.5, 4 / 7, 0, 0, 0])
  expect(scores.map((s) => s.support)).toEqual([4, 3, 2, 0, 0])
})

test('means over classes are those of scikit-learn', () => {
  expect(balancedAccuracy(predicted, truth, 5)).toBeCloseTo(0.38888888888888884, 12)
  expect(macroF1(predicted, truth, 5)).toBeCloseTo(0.26785714285714285, 12)
})
