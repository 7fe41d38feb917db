import { checkCount } from '../checks.ts'
import type { Schedule } from './schedule.ts'

/**
 * `schedule`, times a factor that grows linearly from `1 / warmUpSteps` to 1 over the first `warmUpSteps` steps (Goyal 2017).
 * Throws `InvalidInputError` unless that is a whole number of 1 or more.
 */
export function warmUp(schedule: Schedule, warmUpSteps: number): Schedule {
  checkCount('warmUpSteps', warmUpSteps)
  return (step, steps) => schedule(step, steps) * Math.min(1, (step + 1) / warmUpSteps)
}
