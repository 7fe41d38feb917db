import { describe, expect, it } from 'vitest'
import { risingAverage } from './rising-average.ts'

/** The averages of numbers that arrive one by one, from one that is to count for nothing. */
function averages(decay: number, values: readonly number[]): number[] {
  const part = risingAverage(decay)
  let average = 1e6
  return values.map((value, step) => {
    average += part(step, 10) * (value - average)
    return average
  })
}

describe('risingAverage', () => {
  it('is the mean of all so far at first', () => {
    const found = averages(0.9, [3, 5, 10, 2])
    for (const [i, expected] of [3, 4, 6, 5].entries()) expect(found[i]).toBeCloseTo(expected, 6)
  })

  it('keeps the decay once it is reached', () => {
    const zeros = new Array<number>(20).fill(0)
    const found = averages(0.8, [...zeros, 1, 1])
    expect(found.at(-2)).toBeCloseTo(0.2, 6)
    expect(found.at(-1)).toBeCloseTo(0.36, 6)
  })

  it('is the last one where nothing is to stay', () => {
    expect(averages(0, [3, 5, 10])).toEqual([3, 5, 10])
  })
})
