/**
 * How the average of the weights moves after a step: `average ← average + part · (weights − average)`. `step` counts from
 * 0; `stepsPerEpoch` may tell where an epoch ends.
 */
export type Averaging = (step: number, stepsPerEpoch: number) => number

/** An exponential moving average (Polyak and Juditsky 1992; Tarvainen 2017): `decay` of the average is kept in each step. */
export const movingAverage =
  (decay: number): Averaging =>
  () =>
    1 - decay

/** The mean of the weights at the end of each epoch from `firstEpoch` on, counted from 0 (Izmailov 2018). */
export const epochAverage =
  (firstEpoch: number): Averaging =>
  (step, stepsPerEpoch) => {
    if ((step + 1) % stepsPerEpoch !== 0) return 0
    const epoch = (step + 1) / stepsPerEpoch - 1
    // Before the first epoch counts, the average follows the weights.
    return epoch < firstEpoch ? 1 : 1 / (epoch - firstEpoch + 1)
  }
