import { checkPart, checkPositive } from '../checks.ts'
import type { Schedule } from './schedule.ts'

export interface OneCycleOptions {
  /** The part of all steps that the rate rises in; default 0.3. */
  readonly rising?: number
  /** The peak divided by the first rate; default 25. */
  readonly startDivisor?: number
  /** The first rate divided by the last; default 10,000. */
  readonly endDivisor?: number
}

/**
 * One rise to `peak` and one fall below where it began (Smith and Topin 2018), both along half a cosine, at the steps of
 * PyTorch's `OneCycleLR`. The momentum stays as it is. Throws `InvalidInputError` for settings out of range.
 */
export function oneCycle(
  peak: number,
  { rising = 0.3, startDivisor = 25, endDivisor = 1e4 }: OneCycleOptions = {},
): Schedule {
  checkPart('rising', rising)
  checkPositive('startDivisor', startDivisor)
  checkPositive('endDivisor', endDivisor)
  const first = peak / startDivisor
  const last = first / endDivisor
  const between = (from: number, to: number, part: number) => to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part))
  return (step, steps) => {
    const top = rising * steps - 1
    const end = Math.max(steps - 1, 1)
    return step <= top ? between(first, peak, step / Math.max(top, 1)) : between(peak, last, (step - top) / (end - top))
  }
}
