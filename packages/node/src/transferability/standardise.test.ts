import { expect, it } from 'vitest'
import { perColumn, standardised } from './standardise.ts'

const tensor = { type: 'float32' as const, dims: [3, 2], data: Float32Array.of(1, 7, 2, 7, 6, 7) }
const rounded = (values: unknown) => [...(values as Float32Array)].map((value) => Number(value.toFixed(4)))

it('brings all values to mean 0 and variance 1 by two numbers', () => {
  const { data, dims } = standardised(tensor)
  expect(dims).toEqual([3, 2])
  // Mean 5, variance 188 / 6 − 25.
  const deviation = Math.sqrt(188 / 6 - 25)
  expect(rounded(data)).toEqual([-4, 2, -3, 2, 1, 2].map((value) => Number((value / deviation).toFixed(4))))
})

it('brings each column to mean 0 and variance 1, and constant ones to 0', () => {
  const deviation = Math.sqrt(14 / 3)
  expect(rounded(perColumn(tensor).data)).toEqual(
    [-2, 0, -1, 0, 3, 0].map((value) => Number((value / deviation).toFixed(4))),
  )
})
