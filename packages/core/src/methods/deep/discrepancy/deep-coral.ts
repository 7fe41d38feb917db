import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { deepCoral as correlationLoss } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { hiddenLayers, lastLayers } from './aligned-layers.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'

/**
 * Deep CORAL (Sun 2016, equation 6): the covariances of the classifier's outputs, and of hidden layers where wanted,
 * are brought together, `λ Σ_i ‖C_s − C_t‖²_F / 4d_i²`. The paper sets λ so that both losses are alike at the end of
 * training; the default was chosen by accuracy from USPS to MNIST, where 100 does worse.
 */
export const deepCoral = defineDeepMethod({
  id: 'deep-coral',
  name: 'Deep CORAL',
  paper: { authors: 'Sun, Saenko', year: 2016, title: 'Deep CORAL: Correlation Alignment for Deep Domain Adaptation' },
  summary: 'Layers whose covariances are the same in both domains.',
  options: z.strictObject({ ...deepSettings, ...tradeOffSettings(10), layers: hiddenLayers(0) }),
  plan: (_, settings) => [
    {
      build(step) {
        const logits = { source: step.source.logits, target: step.target.logits }
        const parts = [...lastLayers(step, settings.layers), logits].map(({ source, target }) =>
          correlationLoss(step.graph, source, target),
        )
        step.loss('coral', step.graph.node('Sum', parts), tradeOffOf(settings))
      },
    },
  ],
})
