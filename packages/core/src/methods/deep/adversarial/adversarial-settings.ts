import { z } from 'zod'
import type { Value } from '../../../onnx/index.ts'
import { dannFactor } from '../../../training/index.ts'
import type { DeepStep } from '../trainer/deep-step.ts'

/** How strongly features are turned against a discriminator. */
export const reversalSettings = {
  tradeOff: z.number().min(0).default(1).describe('the largest factor of the reversed gradient'),
  gamma: z.number().positive().default(10).describe('how fast that factor rises from 0'),
} as const

/** The same, and the discriminator's size. */
export const adversarialSettings = {
  ...reversalSettings,
  discriminatorWidth: z.number().int().positive().default(256).describe('units of its two hidden layers'),
} as const

/** The factor of the reversed gradient, `tradeOff · (2 / (1 + e^(−γp)) − 1)` over training (Ganin 2016, section 5.2.2). */
export function annealedReversal(
  step: DeepStep,
  { tradeOff, gamma }: { readonly tradeOff: number; readonly gamma: number },
): Value {
  const rise = dannFactor(gamma)
  return step.scalar('reversal', (at, steps) => tradeOff * rise(at, steps))
}
