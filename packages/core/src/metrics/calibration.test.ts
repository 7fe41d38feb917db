import { expect, test } from 'vitest'
import { matrixFromRows } from '../tensor/index.ts'
import { expectedCalibrationError } from './calibration.ts'

test('the value worked out by hand', () => {
  const probabilities = matrixFromRows([
    [0.9, 0.1],
    [0.2, 0.8],
    [0.45, 0.55],
    [0.58, 0.42],
    [1, 0],
  ])
  // Five bins: 0.55 and 0.58 share one, with one hit: |1 − 1.13|; 0.8 is a miss: 0.8; 0.9 and 1 hit: |2 − 1.9|. In all 5 rows.
  expect(expectedCalibrationError(probabilities, Int32Array.of(0, 0, 1, 1, 0), 5)).toBeCloseTo(
    (0.13 + 0.8 + 0.1) / 5,
    12,
  )
  // The row without a label is left out.
  expect(expectedCalibrationError(probabilities, Int32Array.of(0, -1, 1, 1, 0), 5)).toBeCloseTo((0.13 + 0.1) / 4, 12)
})

test('0 where confidence is accuracy', () => {
  const sure = matrixFromRows([
    [1, 0],
    [0, 1],
  ])
  expect(expectedCalibrationError(sure, Int32Array.of(0, 1))).toBe(0)
  expect(expectedCalibrationError(sure, Int32Array.of(1, 0))).toBe(1)
})
