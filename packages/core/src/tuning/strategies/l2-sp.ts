import { z } from 'zod'
import { defineStrategy } from '../strategy.ts'
import { squaredPenalty } from './l2-sp-penalty.ts'

/**
 * Pulls weights to where they started instead of to zero (Li 2018, eq. 3): `α/2 ‖w − w⁰‖²` over the pretrained parameters
 * and `β/2 ‖w‖²` over the head. The paper finds `α` by cross-validation and has `β` 0.01; 0.01 for both is what the
 * authors' code starts from. The optimiser's own weight decay would pull to zero as well and is off.
 */
export const l2Sp = defineStrategy({
  id: 'l2-sp',
  name: 'Pull towards the pretrained weights (L²-SP)',
  paper: {
    authors: 'Li, Grandvalet, Davoine',
    year: 2018,
    title: 'Explicit Inductive Bias for Transfer Learning with Convolutional Networks',
  },
  summary: 'Trains all weights and pulls those that were pretrained towards where they started.',
  options: z.object({
    alpha: z
      .number()
      .min(0)
      .default(0.01)
      .describe('pull towards the pretrained weights: larger values keep them closer'),
    beta: z.number().min(0).default(0.01).describe('pull of the new head towards zero: larger values keep it smaller'),
  }),
  plan: ({ blocks, head, start }, { alpha, beta }) => ({
    losses: [
      squaredPenalty({ name: 'distance', weight: alpha, parameters: blocks.flat(), towards: start }),
      squaredPenalty({ name: 'head', weight: beta, parameters: head }),
    ],
    weightDecay: 0,
  }),
})
