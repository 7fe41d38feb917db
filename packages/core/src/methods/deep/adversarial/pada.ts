import { z } from 'zod'
import { type Tensor, tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { meanOver, scalar, sumOver } from '../losses/graph-values.ts'
import { domainAdversarial, padaWeights, weightsOfRows } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { adversarialSettings, annealedReversal } from './adversarial-settings.ts'
import { domainDiscriminator } from './domain-discriminator.ts'
import { labelledCrossEntropy } from './labelled-cross-entropy.ts'
import { runnable } from './run-fragment.ts'

const WEIGHTS = 'class weights'

/** No class weighs less, so that a batch of classes that the target lacks has a mean. */
const LEAST = 1e-6

/**
 * Partial adversarial domain adaptation (Cao 2018, equations 2 to 5), for a target that lacks classes of the source: source
 * rows count, for the classifier and for the discriminator, by how often their class is predicted in the target. After the
 * part `even` of the epochs, in which all weights are 1, the class weights are renewed from all target rows at the start of
 * each; their sum is reported as `classes that count`. As in the authors' code, a batch's weights have the mean 1.
 */
export const pada = defineDeepMethod({
  id: 'pada',
  name: 'Partial Adversarial Domain Adaptation',
  paper: {
    authors: 'Cao, Ma, Long, Wang',
    year: 2018,
    title: 'Partial Adversarial Domain Adaptation',
  },
  summary: 'DANN in which source rows of classes that the target seems to lack count little.',
  options: z.strictObject({
    ...deepSettings,
    ...adversarialSettings,
    even: z.number().min(0).max(1).default(0.25).describe('the part of the epochs in which all classes count the same'),
  }),
  plan({ runtime, network }, { discriminatorWidth, labelSmoothing, even, ...settings }) {
    const weigh = runnable(runtime, { logits: network.outputs }, (graph, { logits }) =>
      graph.node('Max', [padaWeights(graph, logits!), scalar(graph, LEAST)]),
    )
    const ones = tensor('float32', [network.outputs], new Float32Array(network.outputs).fill(1))
    let current: Tensor | undefined
    return [
      {
        supervised: false,
        build(step) {
          const { graph, source, target, labelled, classes } = step
          const given = step.input(WEIGHTS, 'float32', [classes])
          const own = weightsOfRows(graph, given, source.labels)
          const weights = { source: graph.node('Div', [own, meanOver(graph, own)]) }
          step.loss(
            'classification',
            labelledCrossEntropy(graph, source.logits, source.labels, { classes, labelSmoothing, weights: own }),
          )
          if (labelled !== undefined) {
            step.loss(
              'target classification',
              labelledCrossEntropy(graph, labelled.logits, labelled.labels, { classes, labelSmoothing }),
            )
          }
          const reversal = annealedReversal(step, settings)
          const discriminator = domainDiscriminator(step, { width: step.width, hidden: discriminatorWidth })
          const features = { source: source.features, target: target.features }
          step.loss('adversarial', domainAdversarial(graph, features, { discriminator, reversal, weights }))
          discriminator.measure(features)
          step.measure('classes that count', sumOver(graph, given))
        },
        async inputs({ epoch, epochs, step, network: now }) {
          if (step === 0 || current === undefined) {
            current =
              epoch <= Math.max(1, even * epochs)
                ? ones
                : await weigh({ logits: (await now.on(now.problem.target)).logits })
          }
          return { [WEIGHTS]: current }
        },
      },
    ]
  },
})
