import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { domainAdversarial } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { adversarialSettings, annealedReversal } from './adversarial-settings.ts'
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
  options: z.strictObject({ ...deepSettings, ...adversarialSettings }),
  plan: (_, { discriminatorWidth, ...settings }) => [
    {
      build(step) {
        const reversal = annealedReversal(step, settings)
        const discriminator = domainDiscriminator(step, { width: step.width, hidden: discriminatorWidth })
        const features = { source: step.source.features, target: step.target.features }
        step.loss('adversarial', domainAdversarial(step.graph, features, { discriminator, reversal }))
        discriminator.measure(features)
      },
    },
  ],
})
