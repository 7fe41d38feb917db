import { expect, it } from 'vitest'
import { apart } from './labels-apart.ts'

it('moves labels no further than they must', () => {
  const placed = apart([{ y: 50 }, { y: 10 }, { y: 12 }], 14)
  expect(placed.map(({ y }) => Math.round(y))).toEqual([4, 18, 50])
})
