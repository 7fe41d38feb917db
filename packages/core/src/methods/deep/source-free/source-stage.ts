import { z } from 'zod'
import type { DeepStage } from '../trainer/deep-stage.ts'

/** What trains the network that is then adapted without its source. */
export const sourceStage: DeepStage = { name: 'source', uses: 'source' }

/**
 * Settings of methods that adapt a trained network. As in Liang 2020, whose networks Yang 2021 starts from, labels are
 * smoothed while it is trained, and features are normalised: on digits that is worth more than the rest of the method.
 */
export const sourceFreeSettings = {
  epochs: z
    .number()
    .int()
    .positive()
    .default(20)
    .describe('passes over the source, and as many over the target afterwards'),
  labelSmoothing: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('the part of a source label that is spread over all classes'),
  normalised: z.boolean().default(true).describe('batch normalisation in lenet and mlp, as in the authors’ networks'),
} as const
