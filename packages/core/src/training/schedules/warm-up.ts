import type { Schedule } from './schedule.ts'

/** `schedule`, its rate growing linearly from `1 / steps` of itself during the first `warmUpSteps` (Goyal 2017). */
export const warmUp =
  (schedule: Schedule, warmUpSteps: number): Schedule =>
  (step, steps) =>
    schedule(step, steps) * Math.min(1, (step + 1) / warmUpSteps)
