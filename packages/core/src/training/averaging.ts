import { checkCount, checkPart } from './checks.ts'

/**
 * How the average of the weights moves after a step: `average ← average + part · (weights − average)`. `step` counts from
 * 0; `stepsPerEpoch` may tell where an epoch ends. Running statistics of batch normalisation are not averaged: those that
 * the last step left go with the averaged weights, though they were measured with other ones. The method of Izmailov
 * 2018 measures them anew; with `batchNormalisation: 'fixed'` there is nothing to measure.
 */
export type Averaging = (step: number, stepsPerEpoch: number) => number

/**
 * An exponential moving average (Polyak and Juditsky 1992; Tarvainen 2017): `decay`, from 0 to below 1, of the average is
 * kept in each step. It starts from the weights that training starts from.
 */
export function movingAverage(decay: number): Averaging {
  checkPart('decay', decay)
  return () => 1 - decay
}

/**
 * The mean of the weights at the end of each epoch from `firstEpoch` on, counted from 1 (stochastic weight averaging,
 * Izmailov 2018); before that epoch it is the weights themselves, as of the last epoch's end.
 */
export function epochAverage(firstEpoch: number): Averaging {
  checkCount('firstEpoch', firstEpoch)
  return (step, stepsPerEpoch) => {
    if ((step + 1) % stepsPerEpoch !== 0) return 0
    const epoch = (step + 1) / stepsPerEpoch
    return epoch < firstEpoch ? 1 : 1 / (epoch - firstEpoch + 1)
  }
}
