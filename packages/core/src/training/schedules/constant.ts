import type { Schedule } from './schedule.ts'

/** The same rate throughout. */
export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate
