import { z } from 'zod'
import { adam } from '../../../training/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { meanEntropy } from '../losses/entropy.ts'
import { deepSettings } from '../settings.ts'
import { normalisationsOf, normalised, statisticsOn } from './normalised-network.ts'

/** The group of the normalisations' scales and shifts. */
const AFFINE = 'normalisation'

/**
 * Test-time entropy minimisation (Wang 2021): a network trained on the source goes through the target's rows, each batch
 * normalised by its own statistics, and only the scales and shifts of its batch normalisations follow the gradient of the
 * predictions' entropy (equation 1). The source is not looked at any more. Predictions use the statistics of all target
 * rows, so that they do not depend on how rows come in batches.
 */
export const tent = defineDeepMethod({
  id: 'tent',
  name: 'Test-time Entropy Minimisation',
  paper: {
    authors: 'Wang, Shelhamer, Liu, Olshausen, Darrell',
    year: 2021,
    title: 'Tent: Fully Test-Time Adaptation by Entropy Minimization',
  },
  summary: 'Source-free: makes predictions on the target sure by the scales and shifts of batch normalisations alone.',
  options: z.strictObject({
    ...deepSettings,
    normalised,
    adaptationEpochs: z
      .number()
      .int()
      .positive()
      .default(1)
      .describe('passes over the target after those over the source'),
    adaptationRate: z.number().positive().default(1e-3).describe('step size of scales and shifts on the target'),
  }),
  plan({ runtime, network, problem }, { adaptationEpochs, adaptationRate }) {
    const layers = normalisationsOf(network)
    const affine = new Set(layers.flatMap(({ node }) => node.inputs.slice(1, 3)))
    return [
      { name: 'source', uses: 'source', batchNormalisation: 'batch' },
      {
        uses: 'target',
        supervised: false,
        epochs: adaptationEpochs,
        batchNormalisation: 'batch',
        group: (name) => (affine.has(name) ? AFFINE : undefined),
        trains: [AFFINE],
        optimiser: adam(),
        schedule: () => () => adaptationRate,
        build: (step) => step.loss('entropy', meanEntropy(step.graph, step.target.logits)),
        after: (trained) => statisticsOn(runtime, network, trained, problem.target),
      },
    ]
  },
})
