import { z } from 'zod'
import { tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { meanOver, sumOver } from '../losses/graph-values.ts'
import { crossEntropies } from '../losses/predictions.ts'
import { deepSettings } from '../settings.ts'
import type { DeepMoment } from '../trainer/deep-stage.ts'
import { confidentLabels, type LabelChoice } from './confident-labels.ts'

/**
 * Self-training by pseudo-labels (Lee 2013), renewed at each epoch's start: of the target's rows those that the network is
 * sure of count as labelled by what it says. With `balanced`, each class gives the same part of its rows, which grows by a
 * twentieth of them from epoch to epoch (Zou 2018); the largest part is larger than the paper's half, as measured on digits.
 */
export const selfTraining = defineDeepMethod({
  id: 'self-training',
  name: 'Self-training by Pseudo-labels',
  paper: {
    authors: 'Lee',
    year: 2013,
    title: 'Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method for Deep Neural Networks',
  },
  summary: 'Learns from its own sure predictions for the target as if they were labels, epoch by epoch.',
  options: z.strictObject({
    ...deepSettings,
    tradeOff: z.number().min(0).default(1).describe('the factor of the loss on pseudo-labels'),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.9)
      .describe('the probability from which on a prediction is sure, where not balanced'),
    balanced: z
      .boolean()
      .default(true)
      .describe('whether every class gives the same part of its rows, so that easy classes do not take over'),
    part: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe('the largest part of the rows of each class that is labelled, where balanced'),
    warmUp: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('the part of the epochs that comes before the first pseudo-labels, on labels alone'),
  }),
  plan: ({ network }, { epochs, tradeOff, warmUp, ...settings }) => {
    const without = Math.min(Math.ceil(warmUp * epochs), epochs - 1)
    const labelsOf = renewedLabels(without, ({ epoch }) => choiceIn(epoch - without, settings))
    return [
      {
        build({ graph, target, input, loss, measure }) {
          const labels = input(LABELS, 'float32', [target.rows, network.outputs])
          loss('pseudo-labels', meanOver(graph, crossEntropies(graph, target.logits, labels)), tradeOff)
          measure('pseudo-labelled', meanOver(graph, sumOver(graph, labels, [1])))
        },
        async inputs(moment) {
          const labels = await labelsOf(moment)
          const oneHot = new Float32Array(moment.rows.target.length * network.outputs)
          moment.rows.target.forEach((row, i) => {
            if (labels[row]! >= 0) oneHot[i * network.outputs + labels[row]!] = 1
          })
          return { [LABELS]: tensor('float32', [moment.rows.target.length, network.outputs], oneHot) }
        },
      },
    ]
  },
})

const LABELS = 'pseudo-labels of the target'

/** The first and the least part of a class that is labelled, and what is added to it from round to round (Zou 2018). */
const FIRST_PART = 0.2
const MORE = 0.05

/** Which predictions count in a round, counted from 1. */
const choiceIn = (
  round: number,
  { balanced, threshold, part }: { readonly balanced: boolean; readonly threshold: number; readonly part: number },
): LabelChoice => (balanced ? { part: Math.min(FIRST_PART + MORE * (round - 1), part) } : { threshold })

/** The labels of all target rows by the network as it was when the epoch began; none in the first `without` epochs. */
function renewedLabels(without: number, choice: (moment: DeepMoment) => LabelChoice) {
  let kept: { readonly epoch: number; readonly labels: Int32Array } | undefined
  return async (moment: DeepMoment): Promise<Int32Array> => {
    const { epoch, step, network } = moment
    const { target } = network.problem
    if (epoch <= without) return new Int32Array(target.rows).fill(-1)
    // Asked again for an epoch's first step, as by a training that goes on, the weights may be others.
    if (step === 0 || kept?.epoch !== epoch) {
      kept = { epoch, labels: confidentLabels((await network.on(target)).logits, choice(moment)) }
    }
    return kept.labels
  }
}
