import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { batchNuclearNorm } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'

/**
 * Batch nuclear-norm maximisation (Cui 2020, equation 10): the nuclear norm of the matrix of the target's predictions is
 * large where rows are certain and classes many.
 */
export const bnm = defineDeepMethod({
  id: 'bnm',
  name: 'Batch Nuclear-norm Maximisation',
  paper: {
    authors: 'Cui, Wang, Zhuo, Li, Huang, Tian',
    year: 2020,
    title:
      'Towards Discriminability and Diversity: Batch Nuclear-norm Maximization under Label Insufficient Situations',
  },
  summary: 'Makes the predictions for a batch of target rows certain and of many classes at once.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the factor of the nuclear norm'),
  }),
  plan: ({ network }, { tradeOff }) => [
    {
      build({ graph, target, loss }) {
        loss('nuclear norm', batchNuclearNorm(graph, target.logits, [target.rows, network.outputs]), tradeOff)
      },
    },
  ],
})
