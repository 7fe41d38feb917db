import { z } from 'zod'
import { dannFactor } from '../../../training/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { domainAdversarial } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { domainDiscriminator } from './domain-discriminator.ts'

/**
 * Domain-adversarial training (Ganin 2016, equations 9 to 18): a discriminator learns to tell the domains by the features,
 * which receive its gradient times −λ, `λ = 2 / (1 + e^(−γp)) − 1` over training (section 5.2.2).
 */
export const dann = defineDeepMethod({
  id: 'dann',
  name: 'Domain-Adversarial Neural Network',
  paper: {
    authors: 'Ganin, Ustinova, Ajakan, Germain, Larochelle, Laviolette, Marchand, Lempitsky',
    year: 2016,
    title: 'Domain-Adversarial Training of Neural Networks',
  },
  summary: 'Features that a domain discriminator cannot tell apart, through a reversed gradient.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the largest factor of the reversed gradient'),
    gamma: z.number().positive().default(10).describe('how fast that factor rises from 0'),
    discriminatorWidth: z.number().int().positive().default(256).describe('units of its two hidden layers'),
  }),
  plan: (_, { tradeOff, gamma, discriminatorWidth }) => [
    {
      build(step) {
        const rise = dannFactor(gamma)
        const reversal = step.scalar('reversal', (at, steps) => tradeOff * rise(at, steps))
        const discriminator = domainDiscriminator(step, { width: step.width, hidden: discriminatorWidth })
        const features = { source: step.source.features, target: step.target.features }
        step.loss('adversarial', domainAdversarial(step.graph, features, { discriminator, reversal }))
        discriminator.measure(features)
      },
    },
  ],
})
