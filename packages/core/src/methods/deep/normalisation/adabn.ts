import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { deepSettings } from '../settings.ts'
import { normalisationsOf, normalised, statisticsOn } from './normalised-network.ts'

/**
 * Adaptive batch normalisation (Li 2018, algorithm 1): the network is trained on the source alone, and for the target each
 * normalisation gets the mean and variance that its input has over all target rows. No loss, no gradient on the target.
 */
export const adabn = defineDeepMethod({
  id: 'adabn',
  name: 'Adaptive Batch Normalisation',
  paper: {
    authors: 'Li, Wang, Shi, Hou, Liu',
    year: 2018,
    title: 'Adaptive Batch Normalization for Practical Domain Adaptation',
  },
  summary: 'Trains on the source; then each batch normalisation takes the target’s mean and variance.',
  options: z.strictObject({ ...deepSettings, normalised }),
  plan({ runtime, network, problem }) {
    normalisationsOf(network)
    return [
      {
        uses: 'source',
        // The source's own statistics have to be in the normalisations of a pretrained network as well.
        batchNormalisation: 'batch',
        after: (trained) => statisticsOn(runtime, network, trained, problem.target),
      },
    ]
  },
})
