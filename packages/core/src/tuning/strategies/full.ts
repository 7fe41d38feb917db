import { z } from 'zod'
import { defineStrategy } from '../strategy.ts'

/** All that is not frozen by `reuse` is trained, starting from the pretrained weights (Yosinski 2014, section 2). */
export const full = defineStrategy({
  id: 'full',
  name: 'Fine-tuning',
  paper: {
    authors: 'Yosinski, Clune, Bengio, Lipson',
    year: 2014,
    title: 'How transferable are features in deep neural networks?',
  },
  summary: 'Trains all weights from where they are.',
  options: z.object({}),
  plan: () => ({}),
})
