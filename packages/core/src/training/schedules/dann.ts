import type { Schedule } from './schedule.ts'

/** `rate / (1 + α p)^β`, `p` the part of training done: the annealing of Ganin 2016, section 5.2.2. Defaults 10 and 0.75. */
export const dannRate =
  (rate: number, alpha = 10, beta = 0.75): Schedule =>
  (step, steps) =>
    rate / (1 + (alpha * step) / Math.max(steps, 1)) ** beta

/** `2 / (1 + e^(−γp)) − 1`, from 0 to 1: how much of the reversed gradient passes (Ganin 2016, section 5.2.2). Default `γ` 10. */
export const dannFactor =
  (gamma = 10): Schedule =>
  (step, steps) =>
    2 / (1 + Math.exp((-gamma * step) / Math.max(steps, 1))) - 1
