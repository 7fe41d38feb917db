import type { Averaging } from '../../../training/index.ts'

/**
 * A moving average of which `decay` stays in each step once it has seen enough: until then it is the mean of all weights
 * after the first step, so that those that training starts from count for nothing (Tarvainen and Valpola 2017).
 */
export const risingAverage =
  (decay: number): Averaging =>
  (step) =>
    Math.max(1 - decay, 1 / (step + 1))
