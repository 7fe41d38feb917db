import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { fixmatch as fixmatchLoss } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { randomViews } from '../views/random-views.ts'

/**
 * FixMatch (Sohn 2020, equations 2 to 4) with the source's rows as the labelled ones: where the network is sure of a
 * slightly changed target row, it learns to say the same of the row much changed. Threshold and factor are the paper's.
 */
export const fixmatch = defineDeepMethod({
  id: 'fixmatch',
  name: 'FixMatch',
  paper: {
    authors: 'Sohn, Berthelot, Li, Zhang, Carlini, Cubuk, Kurakin, Zhang, Raffel',
    year: 2020,
    title: 'FixMatch: Simplifying Semi-Supervised Learning with Consistency and Confidence',
  },
  summary: 'Learns from strongly changed target rows what the network surely says of slightly changed ones.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the factor of the loss on target rows'),
    threshold: z.number().min(0).max(1).default(0.95).describe('the probability from which on a prediction is sure'),
    strength: z.number().min(0).max(2).default(1).describe('how much views differ from their rows'),
  }),
  plan: ({ problem, network }, { tradeOff, threshold, strength }) => {
    const { weak, strong } = randomViews(problem.target, network.dims, strength)
    return [
      {
        labelledView: weak,
        view: weak,
        views: [strong],
        build({ graph, target, views, loss }) {
          const logits = { weak: target.logits, strong: views[0]!.logits }
          loss('fixmatch', fixmatchLoss(graph, logits, { threshold }), tradeOff)
        },
      },
    ]
  },
})
