import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { meanOver } from '../losses/graph-values.ts'
import { openSetAdversarial } from '../losses/index.ts'
import { probabilitiesOf } from '../losses/predictions.ts'
import { deepSettings } from '../settings.ts'
import { annealedReversal, reversalSettings } from './adversarial-settings.ts'

/**
 * Open-set adaptation by backpropagation (Saito 2018, equations 1 to 4), for a target with classes that the source lacks:
 * the classifier, with one class more, learns to call target rows unknown with the probability `boundary`; their features
 * receive its gradient reversed and move to a class that is known, or away from all.
 */
export const osbp = defineDeepMethod({
  id: 'osbp',
  name: 'Open-Set Backpropagation',
  paper: {
    authors: 'Saito, Yamamoto, Ushiku, Harada',
    year: 2018,
    title: 'Open Set Domain Adaptation by Backpropagation',
  },
  summary: 'One class more for target rows that are like no class of the source, through a reversed gradient.',
  unknown: true,
  options: z.strictObject({
    ...deepSettings,
    ...reversalSettings,
    boundary: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('the probability of the unknown class that the classifier learns for target rows'),
  }),
  plan: (_, { boundary, ...settings }) => [
    {
      build(step) {
        const { graph, target, classes } = step
        const reversal = annealedReversal(step, settings)
        const classifier = (features: string) => step.classify(features)
        step.loss('adversarial', openSetAdversarial(graph, target.features, { classifier, reversal, boundary }))
        const shares = meanOver(graph, probabilitiesOf(graph, target.logits), [0])
        const last = graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(classes)) })
        step.measure('unknown share', graph.node('Gather', [shares, last]))
      },
    },
  ],
})
