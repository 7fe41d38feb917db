import { expect, it } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { plainProduct, symmetricWith } from '../testing/matrices.ts'
import { extrapolate, extrapolation, forget } from './extrapolation.ts'

const d = 12
/** Contracts by 0.99 in one direction, less in the others. */
const turn = symmetricWith(
  Array.from({ length: d }, (_, i) => 0.99 - i / d),
  seededRandom(3),
)
const weights = Float64Array.from({ length: d }, (_, i) => 1 + (i % 3))
const mapped = (x: Float64Array): Float64Array =>
  plainProduct(turn, { rows: d, columns: 1, data: x }).data.map((value) => value + 1)
const distance = (x: Float64Array): number => Math.hypot(...mapped(x).map((value, i) => value - x[i]))

it('finds the fixed point of a linear map in little more steps than there are dimensions', () => {
  const past = extrapolation(weights)
  const x = new Float64Array(d)
  let steps = 0
  for (; distance(x) > 1e-9 && steps < 100; steps++) extrapolate(past, x, mapped(x), 0.01 * 0.9 ** steps)
  expect(steps).toBeLessThan(2 * d)
  expect(Math.abs(0.99 ** steps)).toBeGreaterThan(0.7)
})

it('keeps no more than it needs, and goes on where the number of steps exceeds that', () => {
  const past = extrapolation(weights)
  const x = new Float64Array(d)
  for (let steps = 0; steps < 70; steps++) extrapolate(past, x, mapped(x), 0.01 * 0.9 ** steps)
  expect(past.changes).toHaveLength(20)
  expect(distance(x)).toBeLessThan(1e-9)
})

it('goes on in the last direction while the error is large and falls, and no further once it rises', () => {
  const past = extrapolation(Float64Array.of(1))
  const x = Float64Array.of(0)
  const positions = [1, 0.9, 0.8, 1.5].map((error) => {
    extrapolate(past, x, Float64Array.of(x[0] + 1), error)
    return x[0]
  })
  // Steps of the map are 1, then 1 and what was gained on the way before, in growing shares.
  const second = 2 + 2 / 5
  const third = second + 1 + (3 / 6) * (second + 1 - 2)
  expect(positions[0]).toBe(1)
  expect(positions[1]).toBeCloseTo(second, 12)
  expect(positions[2]).toBeCloseTo(third, 12)
  expect(positions[3]).toBeCloseTo(third + 1, 12)
})

it('takes a plain step when it has no past', () => {
  const past = extrapolation(weights)
  const x = new Float64Array(d)
  for (let steps = 0; steps < 5; steps++) extrapolate(past, x, mapped(x), 0.01)
  forget(past)
  const goal = mapped(x)
  extrapolate(past, x, goal, 0.01)
  expect(x).toEqual(goal)
})
