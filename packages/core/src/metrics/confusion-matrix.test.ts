import { expect, test } from 'vitest'
import { confusionMatrix } from './confusion-matrix.ts'

test('rows are true classes, columns predicted ones', () => {
  const counts = confusionMatrix(Int32Array.of(1, 1, 0, 2, 2), Int32Array.of(0, 1, 0, 1, -1), 3)
  expect([...counts.data]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0])
})

test('a class index out of range is refused, with its row', () => {
  expect(() => confusionMatrix(Int32Array.of(0, 3), Int32Array.of(0, 1), 3)).toThrow(
    'row 2: a class index is from 0 to 2',
  )
})
