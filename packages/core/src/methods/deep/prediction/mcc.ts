import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { classConfusion } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'

/**
 * Minimum class confusion (Jin 2020, equations 2 to 7): beside the source's cross-entropy, the classes that the target's
 * softened predictions confuse with one another are told apart. Temperature and factor are those of the authors' code.
 */
export const mcc = defineDeepMethod({
  id: 'mcc',
  name: 'Minimum Class Confusion',
  paper: {
    authors: 'Jin, Wang, Long, Wang',
    year: 2020,
    title: 'Minimum Class Confusion for Versatile Domain Adaptation',
  },
  summary: 'Trains the network until its predictions for the target confuse no pair of classes.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the factor of the class confusion'),
    temperature: z
      .number()
      .positive()
      .default(2.5)
      .describe('what logits are divided by; larger ones count unsure rows more'),
  }),
  plan: (_, { tradeOff, temperature }) => [
    {
      build({ graph, target, loss }) {
        loss('class confusion', classConfusion(graph, target.logits, { temperature }), tradeOff)
      },
    },
  ],
})
