import { checkCount } from '../checks.ts'
import type { Schedule } from './schedule.ts'

export interface StepDecayOptions {
  /** After how many steps the rate falls. */
  readonly every: number
  /** What it is multiplied by then; default 0.1. */
  readonly factor?: number
}

/** `rate · factor^⌊step / every⌋`. Throws `InvalidInputError` unless `every` is a whole number of 1 or more. */
export function stepDecay(rate: number, { every, factor = 0.1 }: StepDecayOptions): Schedule {
  checkCount('every', every)
  return (step) => rate * factor ** Math.floor(step / every)
}
