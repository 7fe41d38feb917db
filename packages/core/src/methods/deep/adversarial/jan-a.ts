import { z } from 'zod'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { dannFactor } from '../../../training/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { adversarialFeature, type JointLayer, jointMmd } from '../losses/index.ts'
import { probabilitiesOf } from '../losses/predictions.ts'
import { freshDense } from '../network/fresh-dense.ts'
import { deepSettings } from '../settings.ts'
import type { DomainValues } from '../trainer/deep-step.ts'

const ADVERSARY = 'adversary'

/**
 * Joint adaptation networks in their adversarial form (Long 2017, equation 12): features and class probabilities go
 * through a dense layer each, which learns to make their joint maximum mean discrepancy large, while the features make it
 * small. As in the authors' code, features have kernels around the mean distance and probabilities one of a fixed width.
 */
export const janA = defineDeepMethod({
  id: 'jan-a',
  name: 'Joint Adaptation Network, adversarial',
  paper: {
    authors: 'Long, Zhu, Wang, Jordan',
    year: 2017,
    title: 'Deep Transfer Learning with Joint Adaptation Networks',
  },
  summary: 'The joint maximum mean discrepancy of features and predictions, made sharper by an adversary.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the largest factor of the discrepancy'),
    gamma: z.number().positive().default(10).describe('how fast that factor rises from 0'),
    estimator: z
      .enum(['unbiased', 'biased', 'linear'])
      .default('unbiased')
      .describe('how it is estimated: over all pairs of rows, or over quadruples in linear time as in the paper'),
  }),
  plan: (_, { tradeOff, gamma, estimator }) => [
    {
      build(step) {
        const { graph, source, target } = step
        const through = (name: string, width: number, of: (rows: DomainValues) => Value) => {
          const parameters = step.extra(ADVERSARY, () =>
            freshDense(graph, `${ADVERSARY}.${name}`, [width, width], step.random),
          )
          const transform = (inner: GraphBuilder, x: Value) =>
            inner.node('Gemm', [x, ...parameters], { transB: int(1) })
          const seen = (rows: DomainValues) => adversarialFeature(graph, of(rows), transform)
          return { source: seen(source), target: seen(target) }
        }
        const layers: JointLayer[] = [
          { ...through('features', step.width, ({ features }) => features), ...FEATURE_KERNELS },
          {
            ...through('predictions', step.classes, ({ logits }) => probabilitiesOf(graph, logits)),
            ...PREDICTION_KERNEL,
          },
        ]
        const rise = dannFactor(gamma)
        step.loss('discrepancy', jointMmd(graph, layers, { estimator }), (at, steps) => tradeOff * rise(at, steps))
      },
    },
  ],
})

const FEATURE_KERNELS = { bandwidth: 'mean', factors: [0.25, 0.5, 1, 2, 4] } as const
const PREDICTION_KERNEL = { bandwidth: 1.68, factors: [1] } as const
