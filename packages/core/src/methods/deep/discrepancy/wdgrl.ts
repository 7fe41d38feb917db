import { z } from 'zod'
import { tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { type CriticLayer, criticDifference, criticScores, gradientPenalty, penaltyRows } from '../losses/index.ts'
import { freshDense } from '../network/fresh-dense.ts'
import { deepSettings } from '../settings.ts'
import { length } from '../trainer/batch-layout.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'

const MIXING = 'mixing'

/**
 * Wasserstein distance guided representation learning (Shen 2018, algorithm 1): of each batch first several steps of a
 * critic, whose mean difference between the domains comes near the Wasserstein-1 distance of their features while a
 * penalty keeps its slope at 1 (equation 5); then a step of the network that makes the difference smaller. Steps, width
 * and penalty of the critic are those of the authors' code for digits; the trade-off was chosen by accuracy from USPS
 * to MNIST.
 */
export const wdgrl = defineDeepMethod({
  id: 'wdgrl',
  name: 'Wasserstein Distance Guided Representation Learning',
  paper: {
    authors: 'Shen, Qu, Zhang, Yu',
    year: 2018,
    title: 'Wasserstein Distance Guided Representation Learning for Domain Adaptation',
  },
  summary: 'Features with a small Wasserstein distance between the domains, as a critic measures it.',
  options: z.strictObject({
    ...deepSettings,
    ...tradeOffSettings(0.1),
    criticSteps: z.number().int().positive().default(5).describe('steps of the critic in each batch'),
    criticWidth: z.number().int().positive().default(100).describe('units of the critic’s hidden layer'),
    criticRate: z.number().positive().default(1).describe('factor on the step size of the critic'),
    penalty: z.number().min(0).default(10).describe('the factor of what keeps the critic’s slope at 1'),
  }),
  plan({ problem, random }, { criticSteps, criticWidth, criticRate, penalty, ...settings }) {
    const labelled = problem.labelledTarget === undefined ? {} : { 'target classification': 1 }
    return [
      {
        build(step) {
          const { graph, source, target } = step
          const layers = step.extra('critic', (): CriticLayer[] =>
            [[criticWidth, step.width] as const, [1, criticWidth] as const].map((dims, i) => {
              const [weight, bias] = freshDense(graph, `critic.fc${i + 1}`, dims, step.random)
              return { weight, bias }
            }),
          )
          const scores = (rows: string) => criticScores(graph, layers, rows)
          step.loss('wasserstein', criticDifference(graph, scores(source.features), scores(target.features)))
          const mixing = step.input(MIXING, 'float32', [Math.min(source.rows, target.rows), 1])
          const rows = penaltyRows(graph, source.features, target.features, mixing)
          step.loss('gradient penalty', gradientPenalty(graph, layers, rows))
        },
        turns: [
          { losses: { wasserstein: -1, 'gradient penalty': penalty }, trains: ['critic'], times: criticSteps },
          {
            losses: { classification: 1, ...labelled, wasserstein: tradeOffOf(settings) },
            trains: ['backbone', 'body', 'head'],
          },
        ],
        rates: { critic: criticRate },
        inputs({ epoch, step, layout }) {
          const count = Math.min(length(layout.source), length(layout.target))
          const stream = random.fork(`mixing ${epoch} ${step}`)
          return {
            [MIXING]: tensor(
              'float32',
              [count, 1],
              Float32Array.from({ length: count }, () => stream.uniform()),
            ),
          }
        },
      },
    ]
  },
})
