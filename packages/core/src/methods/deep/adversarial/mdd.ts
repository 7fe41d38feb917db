import { z } from 'zod'
import { int, type Value } from '../../../onnx/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { marginDisparity } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import type { DomainValues } from '../trainer/deep-step.ts'
import { DISCRIMINATOR_ACCURACY } from '../trainer/trouble.ts'
import { annealedReversal, reversalSettings } from './adversarial-settings.ts'
import { shareOfRight } from './domain-discriminator.ts'
import { furtherClassifier } from './further-classifier.ts'

const ADVERSARY = 'adversary'

/**
 * Margin disparity discrepancy (Zhang 2019, equations 27 to 30): a second classifier learns to agree with the first on
 * the source, `margin` times as heavily, and to disagree on the target; features receive its gradient reversed. As
 * `discriminator accuracy` it reports how often that classifier does so.
 */
export const mdd = defineDeepMethod({
  id: 'mdd',
  name: 'Margin Disparity Discrepancy',
  paper: {
    authors: 'Zhang, Liu, Long, Jordan',
    year: 2019,
    title: 'Bridging Theory and Algorithm for Domain Adaptation',
  },
  summary: 'A second classifier that disagrees with the first on the target alone, through a reversed gradient.',
  options: z.strictObject({
    ...deepSettings,
    ...reversalSettings,
    tradeOff: z.number().min(0).default(0.1).describe('the largest factor of the reversed gradient'),
    margin: z.number().min(1).default(4).describe('how much agreement on the source counts, exp of the margin'),
    adversaryWidth: z.number().int().min(0).default(256).describe('units of its hidden layer; 0 for none'),
  }),
  plan: (_, { margin, adversaryWidth, ...settings }) => [
    {
      build(step) {
        const { graph, source, target } = step
        // With a single class there is nothing to disagree on.
        if (step.classes < 2) return
        const { width, classes } = step
        const widths = adversaryWidth === 0 ? [width, classes] : [width, adversaryWidth, classes]
        const reversal = annealedReversal(step, settings)
        const adversary = furtherClassifier(step, ADVERSARY, widths)
        step.loss('disparity', marginDisparity(graph, { source, target }, { adversary, reversal, gamma: margin }))
        const classOf = (logits: Value) => graph.node('ArgMax', [logits], { axis: int(1), keepdims: int(0) })
        const agreed = ({ features, logits }: DomainValues) =>
          graph.node('Equal', [classOf(adversary(features)), classOf(logits)])
        step.measure(
          DISCRIMINATOR_ACCURACY,
          shareOfRight(graph, { source: agreed(source), target: graph.node('Not', [agreed(target)]) }),
        )
      },
    },
  ],
})
