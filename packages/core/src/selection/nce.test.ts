import { expect, test } from 'vitest'
import { negativeConditionalEntropy } from './nce.ts'

test('is the mean of the entropies within source classes', () => {
  const source = Int32Array.of(4, 4, 4, 4, 7, 7)
  const labels = Int32Array.of(0, 0, 0, 1, 1, 0)
  const entropy = (p: number) => -(p * Math.log(p) + (1 - p) * Math.log(1 - p))
  expect(negativeConditionalEntropy(source, labels)).toBeCloseTo(-(4 * entropy(0.25) + 2 * entropy(0.5)) / 6, 14)
})

test('is 0 where the source class decides, whatever its number', () => {
  expect(negativeConditionalEntropy(Int32Array.of(9, 3, 9, 5), Int32Array.of(0, 1, 0, 1))).toBeCloseTo(0, 14)
})

test('refuses lists of different lengths', () => {
  expect(() => negativeConditionalEntropy(Int32Array.of(0), Int32Array.of(0, 1))).toThrow(/1 source labels and 2/)
})
