import { z } from 'zod'
import { defineDeepMethod } from '../deep-method.ts'
import { classifierDiscrepancy } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { furtherClassifier, upperPart } from './further-classifier.ts'
import { labelledCrossEntropy } from './labelled-cross-entropy.ts'

const SECOND = 'second classifier'

/**
 * Maximum classifier discrepancy (Saito 2018, equations 3 to 8). On each batch: A, features and two classifiers learn the
 * source; B, the classifiers learn to differ on the target and keep the source; C, `generatorSteps` times, the features
 * learn that they agree. The network's own classifier predicts.
 */
export const mcd = defineDeepMethod({
  id: 'mcd',
  name: 'Maximum Classifier Discrepancy',
  paper: {
    authors: 'Saito, Watanabe, Ushiku, Harada',
    year: 2018,
    title: 'Maximum Classifier Discrepancy for Unsupervised Domain Adaptation',
  },
  summary: 'Two classifiers that seek target rows they differ on, and features that leave them none.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the factor of the discrepancy where the classifiers maximise it'),
    classifierLayers: z
      .number()
      .int()
      .min(0)
      .default(1)
      .describe('hidden layers that belong to each classifier rather than to the features, the first one never'),
    generatorSteps: z.number().int().positive().default(4).describe('updates of the features in each batch'),
  }),
  plan: ({ problem, network }, { tradeOff, classifierLayers, generatorSteps, labelSmoothing }) => {
    const upper = upperPart(network, classifierLayers)
    const known = {
      classification: 1,
      'second classification': 1,
      ...(problem.labelledTarget && { 'target classification': 1, 'second target classification': 1 }),
    }
    return [
      {
        build(step) {
          const { graph, source, target, labelled, classes } = step
          const second = furtherClassifier(step, SECOND, upper.widths)
          step.loss(
            'second classification',
            labelledCrossEntropy(graph, second(upper.from(source)), source.labels, { classes, labelSmoothing }),
          )
          if (labelled !== undefined) {
            step.loss(
              'second target classification',
              labelledCrossEntropy(graph, second(upper.from(labelled)), labelled.labels, { classes, labelSmoothing }),
            )
          }
          step.loss('discrepancy', classifierDiscrepancy(graph, target.logits, second(upper.from(target))))
        },
        group: (name) => (upper.parameters.has(name) ? 'head' : undefined),
        turns: [
          { losses: known, trains: ['backbone', 'body', 'head', SECOND] },
          { losses: { ...known, discrepancy: -tradeOff }, trains: ['head', SECOND] },
          { losses: { discrepancy: 1 }, trains: ['backbone', 'body'], times: generatorSteps },
        ],
      },
    ]
  },
})
