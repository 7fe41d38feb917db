import { z } from 'zod'
import { identity } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { numbers } from '../losses/graph-values.ts'
import { deepJdotCost, deepJdotLoss } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'
import { transportPlans } from './transport-plans.ts'

/** The step's input of `γ`. */
const PLAN = 'transport plan'

/**
 * Deep joint distribution optimal transport (Damodaran 2018, algorithm 1): of each batch first the plan that sends
 * source rows to target rows most cheaply, the network being fixed; then a step of the network at that plan (equation
 * 5). A target row is to have the features and the labels of what is sent to it. The authors' code has the factors
 * 0.001 and 0.0001, batches of 500, and starts from a network trained on the source; the factors here were chosen by
 * accuracy between MNIST and USPS, and rise from 0 instead: labels that a network sends which knows nothing may stay wrong.
 */
export const deepJdot = defineDeepMethod({
  id: 'deep-jdot',
  name: 'Deep Joint Distribution Optimal Transport',
  paper: {
    authors: 'Damodaran, Kellenberger, Flamary, Tuia, Courty',
    year: 2018,
    title: 'DeepJDOT: Deep Joint Distribution Optimal Transport for Unsupervised Domain Adaptation',
  },
  summary: 'Target rows get the features and labels of the source rows that a transport plan sends to them.',
  options: z.strictObject({
    ...deepSettings,
    ...tradeOffSettings(0.2),
    alpha: z.number().min(0).default(0.01).describe('the factor of the squared distance of features'),
    lambda: z.number().min(0).default(0.1).describe('the factor of the cross-entropy of the labels sent'),
  }),
  plan({ runtime, problem: { classes } }, { alpha, lambda, ...settings }) {
    const planOf = transportPlans(runtime, classes, { alpha, lambda })
    return [
      {
        build(step) {
          const { graph, source, target } = step
          const classRows = numbers(graph, [...identity(classes).data], [classes, classes])
          const cost = deepJdotCost(
            graph,
            {
              sourceFeatures: source.features,
              targetFeatures: target.features,
              sourceTargets: graph.node('Gather', [classRows, source.labels]),
              targetLogits: target.logits,
            },
            { alpha, lambda },
          )
          const plan = step.input(PLAN, 'float32', [source.rows, target.rows])
          step.loss('transport', deepJdotLoss(graph, cost, plan), tradeOffOf(settings))
        },
        inputs: async (moment) => ({ [PLAN]: await planOf(moment) }),
      },
    ]
  },
})
