import { expect, test } from 'vitest'
import { UNLABELLED } from '../data/index.ts'
import { accuracy } from './accuracy.ts'

test('counts labelled rows only', () => {
  expect(accuracy(Int32Array.of(0, 1, 2, 1), Int32Array.of(0, 1, 1, UNLABELLED))).toBeCloseTo(2 / 3, 15)
})

test('refuses rows without labels and lengths that differ', () => {
  expect(() => accuracy(Int32Array.of(0), Int32Array.of(UNLABELLED))).toThrow('at least one labelled row')
  expect(() => accuracy(Int32Array.of(0), Int32Array.of(0, 1))).toThrow('got 1 and 2')
})
