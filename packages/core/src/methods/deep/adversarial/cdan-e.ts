import { defineDeepMethod } from '../deep-method.ts'
import { conditionalOptions, conditionalStage } from './conditional-stage.ts'

/** CDAN+E (Long 2018, equation 8): CDAN in which rows count `1 + e^(−H)`, `H` being the entropy of their prediction. */
export const cdanE = defineDeepMethod({
  id: 'cdan-e',
  name: 'Conditional Domain-Adversarial Network with entropy conditioning',
  paper: {
    authors: 'Long, Cao, Wang, Jordan',
    year: 2018,
    title: 'Conditional Adversarial Domain Adaptation',
  },
  summary: 'CDAN in which rows that are predicted with certainty count more.',
  options: conditionalOptions,
  plan: (_, settings) => [conditionalStage(settings, true)],
})
