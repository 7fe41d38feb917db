import { z } from 'zod'
import { tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { mmdLoss } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { hiddenLayers, lastLayers } from './aligned-layers.ts'
import { kernelRenewal } from './kernel-renewal.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'

/** The step's input of the kernels' weights in layer `i`. */
const weightsInput = (i: number) => `kernel weights ${i + 1}`

/**
 * Deep adaptation networks (Long 2015, equation 4): the sum of the multi-kernel maximum mean discrepancies of hidden
 * layers and of the classifier's outputs, the kernels weighed anew in each epoch so that the discrepancy stands out
 * from its own variance (equation 9). The trade-off was chosen by accuracy from USPS to MNIST, where 3 and 10 do alike;
 * the estimate over all pairs is worth 8 points of accuracy there.
 */
export const dan = defineDeepMethod({
  id: 'dan',
  name: 'Deep Adaptation Network',
  paper: {
    authors: 'Long, Cao, Wang, Jordan',
    year: 2015,
    title: 'Learning Transferable Features with Deep Adaptation Networks',
  },
  summary: 'Layers whose distributions are the same in both domains, by several kernels at once.',
  options: z.strictObject({
    ...deepSettings,
    ...tradeOffSettings(5),
    layers: hiddenLayers(2),
    kernels: z
      .number()
      .int()
      .min(1)
      .max(33)
      .default(5)
      .describe('Gaussian kernels, their bandwidths a factor of 2 apart'),
    weighting: z
      .enum(['optimal', 'equal'])
      .default('optimal')
      .describe('kernels weighed by the paper’s quadratic program in each epoch, or all alike'),
    estimator: z
      .enum(['unbiased', 'linear'])
      .default('unbiased')
      .describe('from all pairs of the batch, or in linear time as the paper trains'),
  }),
  plan({ runtime, random, network }, { kernels: count, weighting, estimator, ...settings }) {
    const factors = Array.from({ length: count }, (_, u) => 2 ** (u - Math.floor(count / 2)))
    const kernels = { bandwidth: 'mean', factors } as const
    const first = Math.max(0, network.layers.length - settings.layers)
    const weighed = kernelRenewal({
      runtime,
      random,
      kernels,
      layersOf: ({ layers, logits }) => [...layers.slice(first), logits],
    })
    return [
      {
        build(step) {
          const { graph, source, target } = step
          const layers = [...lastLayers(step, settings.layers), { source: source.logits, target: target.logits }]
          const parts = layers.map((layer, i) =>
            mmdLoss(graph, layer.source, layer.target, {
              ...kernels,
              estimator,
              ...(weighting === 'optimal' && { weights: step.input(weightsInput(i), 'float32', [count]) }),
            }),
          )
          step.loss('mmd', graph.node('Sum', parts), tradeOffOf(settings))
        },
        ...(weighting === 'optimal' && {
          inputs: async (moment) => {
            const found = await weighed(moment)
            return Object.fromEntries(
              found.map((weights, i) => [weightsInput(i), tensor('float32', [count], Float32Array.from(weights))]),
            )
          },
        }),
      },
    ]
  },
})
