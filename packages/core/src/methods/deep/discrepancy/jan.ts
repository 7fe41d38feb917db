import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { type JointLayer, jointMmd } from '../losses/index.ts'
import { probabilitiesOf } from '../losses/predictions.ts'
import { deepSettings } from '../settings.ts'
import { hiddenLayers, lastLayers } from './aligned-layers.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'

/** The predictions' kernel in the authors' code, `exp(−‖p − q‖² / 1.68)`. */
const PREDICTION_BANDWIDTH = 1.68

/** The factors of the bandwidth of a hidden layer's kernels there. */
const FACTORS = [0.25, 0.5, 1, 2, 4]

/**
 * Joint adaptation networks (Long 2017, equations 8 to 10): the maximum mean discrepancy of the joint distribution of
 * hidden layers and predictions, whose kernel is the product of theirs. The kernels are those of the authors' code,
 * their mean in place of their sum; the trade-off is the better of 2 and 10 between MNIST and USPS, both ways.
 */
export const jan = defineDeepMethod({
  id: 'jan',
  name: 'Joint Adaptation Network',
  paper: {
    authors: 'Long, Zhu, Wang, Jordan',
    year: 2017,
    title: 'Deep Transfer Learning with Joint Adaptation Networks',
  },
  summary: 'Hidden layers and predictions whose joint distribution is the same in both domains.',
  options: z.strictObject({
    ...deepSettings,
    ...tradeOffSettings(2),
    layers: hiddenLayers(1),
    estimator: z
      .enum(['unbiased', 'linear'])
      .default('unbiased')
      .describe('from all pairs of the batch, or in linear time as the paper trains'),
  }),
  plan: (_, settings) => [
    {
      build(step) {
        const { graph, source, target } = step
        const hidden = lastLayers(step, settings.layers).map(
          (layer): JointLayer => ({ ...layer, bandwidth: 'mean', factors: FACTORS }),
        )
        const predictions: JointLayer = {
          source: probabilitiesOf(graph, source.logits),
          target: probabilitiesOf(graph, target.logits),
          bandwidth: PREDICTION_BANDWIDTH,
        }
        const { estimator } = settings
        step.loss('joint mmd', jointMmd(graph, [...hidden, predictions], { estimator }), tradeOffOf(settings))
      },
    },
  ],
})
