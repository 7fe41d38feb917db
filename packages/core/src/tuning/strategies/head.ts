import { z } from 'zod'
import { defineStrategy } from '../strategy.ts'

/**
 * Only the new head is trained, on features that stay as they are (Donahue 2014). It starts as a logistic regression on
 * them, and goes on from there by small steps, on random views of the rows where the setting `views` asks for them.
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
  plan: ({ head }) => ({ trainable: (name) => head.includes(name), weightDecay: 0 }),
})
