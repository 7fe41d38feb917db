import type { Schedule } from '../../training/index.ts'

/**
 * The slanted triangular rate (Howard and Ruder 2018, eq. 3): of `T` steps, `cut = ⌊T · rising⌋` go up along a line to `rate`
 * and the others down,
 *
 * `rate · (1 + p (ratio − 1)) / ratio`, with `p = t / cut` before the cut and `1 − (t − cut) / (T − cut)` from it on.
 *
 * The paper writes the last divisor as `cut (1 / rising − 1)`, which is the same where `T · rising` is a whole number, and
 * lets rates fall below zero where it is not.
 */
export const slantedTriangle =
  (rate: number, rising: number, ratio: number): Schedule =>
  (step, steps) => {
    const cut = Math.floor(steps * rising)
    const part = step < cut ? step / cut : 1 - (step - cut) / Math.max(steps - cut, 1)
    return (rate * (1 + part * (ratio - 1))) / ratio
  }
