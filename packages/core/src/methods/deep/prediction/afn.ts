import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { hardFeatureNorm, stepwiseFeatureNorm } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'

/**
 * Adaptive feature norm (Xu 2019): features of both domains are made longer, as features of larger norm transfer better.
 * `hard` (HAFN, equation 4) brings each domain's mean norm to `radius`, `stepwise` (SAFN, equation 5) makes every row's
 * norm longer by `step` at a time.
 */
export const afn = defineDeepMethod({
  id: 'afn',
  name: 'Adaptive Feature Norm',
  paper: {
    authors: 'Xu, Li, Yang, Lin',
    year: 2019,
    title: 'Larger Norm More Transferable: An Adaptive Feature Norm Approach for Unsupervised Domain Adaptation',
  },
  summary: 'Makes the features of both domains longer, to one norm or step by step.',
  options: z.strictObject({
    ...deepSettings,
    norm: z.enum(['stepwise', 'hard']).default('stepwise').describe('whether norms grow row by row or to one mean'),
    tradeOff: z.number().min(0).default(0.05).describe('the factor of the norm loss'),
    step: z.number().positive().default(1).describe('how much longer a row is to become, where stepwise'),
    radius: z.number().positive().default(25).describe('the mean norm to reach, where hard'),
  }),
  plan: (_, { norm, tradeOff, step: length, radius }) => [
    {
      build({ graph, source, target, loss }) {
        const [s, t] = [source, target].map(({ features }) =>
          norm === 'hard'
            ? hardFeatureNorm(graph, features, { radius })
            : stepwiseFeatureNorm(graph, features, { step: length }),
        )
        loss('feature norm', graph.node('Add', [s!, t!]), tradeOff)
      },
    },
  ],
})
