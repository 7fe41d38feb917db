import { z } from 'zod'
import { int } from '../../onnx/index.ts'
import type { LossTerm } from '../../training/index.ts'
import { defineStrategy } from '../strategy.ts'

/**
 * Only the new head is trained, on features that stay as they are (Donahue 2014). It starts as the logistic regression on
 * them, and keeps that one's penalty `½λ‖W‖²`, so that epochs on rows as they are leave it where it is, and random views
 * of the rows (setting `views`) are what moves it.
 */
export const head = defineStrategy({
  id: 'head',
  name: 'Head on fixed features',
  paper: {
    authors: 'Donahue, Jia, Vinyals, Hoffman, Zhang, Tzeng, Darrell',
    year: 2014,
    title: 'DeCAF: A Deep Convolutional Activation Feature for Generic Visual Recognition',
  },
  summary: 'Fits a linear classifier to the features and leaves the network as it is.',
  reuse: 'all',
  options: z.object({}),
  plan: ({ head, headPenalty }) => ({
    trainable: (name) => head.includes(name),
    losses: headPenalty === undefined ? [] : [ridge(head[0]!, headPenalty)],
    weightDecay: 0,
  }),
})

/** `½λ‖W‖²`. */
const ridge = (weight: string, penalty: number): LossTerm => ({
  name: 'penalty',
  weight: penalty / 2,
  build: (graph) => graph.node('ReduceSumSquare', [weight], { keepdims: int(0) }),
})
