import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { mmdLoss } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { denoising } from './denoising.ts'
import { linearUnits } from './linear-units.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'

/**
 * Domain adaptive neural network (Ghifary 2014): a network with one hidden layer whose linear units, before they are
 * rectified, have a small maximum mean discrepancy; its first weights are those of a denoising autoencoder of both
 * domains. A deeper network is trained alike, its last hidden layer being aligned. Pretrained networks begin with the
 * weights they have. The trade-off was chosen on made-up shifts; from USPS to MNIST 100 does alike.
 */
export const mmdNet = defineDeepMethod({
  id: 'mmd-net',
  name: 'Domain Adaptive Neural Network',
  paper: {
    authors: 'Ghifary, Kleijn, Zhang',
    year: 2014,
    title: 'Domain Adaptive Neural Networks for Object Recognition',
  },
  summary:
    'A shallow network, pretrained by denoising rows of both domains, with a small discrepancy of its hidden layer.',
  options: z.strictObject({
    ...deepSettings,
    ...tradeOffSettings(10, 0),
    pretraining: z.number().int().min(0).default(10).describe('epochs of the denoising autoencoder; 0 for none'),
    destroyed: z.number().min(0).lt(1).default(0.3).describe('the part of numbers that it has to restore, set to zero'),
  }),
  plan({ network, random }, { pretraining, destroyed, ...settings }) {
    const first = denoising(network, { destroyed, epochs: pretraining, random })
    return [
      ...(network.fresh && pretraining > 0 ? [first] : []),
      {
        build(step) {
          const { source, target } = linearUnits(step)
          step.loss('mmd', mmdLoss(step.graph, source, target, { factors: [1] }), tradeOffOf(settings))
        },
      },
    ]
  },
})
