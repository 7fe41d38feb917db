import { z } from 'zod'
import { dannFactor, type Schedule } from '../../../training/index.ts'

/**
 * The factor of a discrepancy, and how it rises: for `z.strictObject({ ...deepSettings, ...tradeOffSettings(1), … })`.
 */
export const tradeOffSettings = (tradeOff: number, gamma = 10) =>
  ({
    tradeOff: z.number().min(0).default(tradeOff).describe('the largest factor of the adaptation loss'),
    gamma: z
      .number()
      .min(0)
      .default(gamma)
      .describe('how fast that factor rises from 0: 2 / (1 + exp(-gamma p)) - 1 at the part p of training; 0: at once'),
  }) as const

/** What those settings stand for: the factor of a step. */
export function tradeOffOf({
  tradeOff,
  gamma,
}: {
  readonly tradeOff: number
  readonly gamma: number
}): number | Schedule {
  if (gamma === 0) return tradeOff
  const rise = dannFactor(gamma)
  return (step, steps) => tradeOff * rise(step, steps)
}
