import { defineDeepMethod } from '../deep-method.ts'
import { conditionalOptions, conditionalStage } from './conditional-stage.ts'

/**
 * Conditional domain-adversarial networks (Long 2018, equations 4 to 7): the discriminator reads the products of features
 * and class probabilities, so that domains are aligned class by class. Where there are more products than
 * `multilinearLimit`, a randomised map of `randomWidth` numbers takes their place (equation 6).
 */
export const cdan = defineDeepMethod({
  id: 'cdan',
  name: 'Conditional Domain-Adversarial Network',
  paper: {
    authors: 'Long, Cao, Wang, Jordan',
    year: 2018,
    title: 'Conditional Adversarial Domain Adaptation',
  },
  summary: 'A discriminator that reads features together with class probabilities, through a reversed gradient.',
  options: conditionalOptions,
  plan: (_, settings) => [conditionalStage(settings, false)],
})
