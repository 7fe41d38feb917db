import type { Schedule } from './schedule.ts'

/** From `rate` down to `floor` (default 0) along half a cosine (Loshchilov and Hutter 2017, eq. 5, without restarts). */
export const cosine =
  (rate: number, floor = 0): Schedule =>
  (step, steps) =>
    floor + (rate - floor) * 0.5 * (1 + Math.cos((Math.PI * step) / Math.max(steps, 1)))
