import { describe, expect, it } from 'vitest'
import { type Averaging, epochAverage, movingAverage } from './averaging.ts'

/** The average after each of 12 steps, 3 to an epoch, where the weight of step `t` is `t`, and 100 before. */
function averages(part: Averaging): number[] {
  let average = 100
  return Array.from({ length: 12 }, (_, t) => {
    average += part(t, 3) * (t - average)
    return average
  })
}

describe('averaging', () => {
  it('keeps a part of the average in each step', () => {
    const got = averages(movingAverage(0.5))
    expect(got.slice(0, 3)).toEqual([50, 25.5, 13.75])
  })

  it('is the mean over the ends of epochs from one on, and the weights before it', () => {
    const got = averages(epochAverage(2))
    // The epochs end with the weights 2, 5, 8 and 11.
    expect(got).toEqual([100, 100, 2, 2, 2, 5, 5, 5, 6.5, 6.5, 6.5, 8])
    expect(averages(epochAverage(1))[11]).toBeCloseTo(6.5, 12)
  })

  it('refuses settings out of range', () => {
    expect(() => movingAverage(1)).toThrow(/decay is 1/)
    expect(() => epochAverage(0)).toThrow(/firstEpoch is 0/)
  })
})
