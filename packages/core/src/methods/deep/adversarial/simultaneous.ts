import { z } from 'zod'
import { type Matrix, matrix, stackRows, tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { domainConfusion, softLabelLoss, softLabels } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import type { DeepStage } from '../trainer/deep-stage.ts'
import { domainDiscriminator } from './domain-discriminator.ts'
import { oneHot } from './labelled-cross-entropy.ts'
import { runnable } from './run-fragment.ts'

const SOFT_LABELS = 'soft labels'

/**
 * Simultaneous transfer across domains and tasks (Tzeng 2015, equations 1 to 8): features at which a discriminator's guess
 * is even, and, where target rows have labels, their predictions drawn to their class' soft label, the mean prediction of
 * the source's rows of that class by a network that has learnt the source alone.
 * Confusion counts ten times what it does in the paper, whose networks were pretrained: on 2,500 digits of 14 × 14, USPS to
 * MNIST, that makes .83 of .72.
 */
export const simultaneous = defineDeepMethod({
  id: 'simultaneous',
  name: 'Simultaneous Deep Transfer Across Domains and Tasks',
  paper: {
    authors: 'Tzeng, Hoffman, Darrell, Saenko',
    year: 2015,
    title: 'Simultaneous Deep Transfer Across Domains and Tasks',
  },
  summary: 'Features that confuse a domain discriminator, and soft labels for the target rows that have labels.',
  options: z.strictObject({
    ...deepSettings,
    confusion: z.number().min(0).default(0.1).describe('the factor of domain confusion'),
    softLabels: z.number().min(0).default(0.1).describe('the factor of the soft-label loss'),
    temperature: z.number().positive().default(2).describe('what logits are divided by for soft labels'),
    sourceEpochs: z
      .number()
      .int()
      .positive()
      .default(10)
      .describe('passes over the source before soft labels are taken, where target rows have labels'),
    discriminatorWidth: z.number().int().positive().default(256).describe('units of its two hidden layers'),
  }),
  plan({ problem, network, runtime }, settings) {
    const { confusion, softLabels: factor, temperature, sourceEpochs, discriminatorWidth } = settings
    const { outputs } = network
    const taken = runnable(runtime, { logits: outputs, labels: outputs }, (graph, { logits, labels }) =>
      softLabels(graph, logits!, labels!, temperature),
    )
    const adaptation: DeepStage = {
      build(step) {
        const { graph, source, target, labelled, classes } = step
        const discriminator = domainDiscriminator(step, { width: step.width, hidden: discriminatorWidth })
        const features = { source: source.features, target: target.features }
        const losses = domainConfusion(graph, features, discriminator)
        step.loss('discriminator', losses.discriminator)
        step.loss('confusion', losses.confusion, confusion)
        discriminator.measure(features)
        if (labelled === undefined) return
        const soft = step.extra(SOFT_LABELS, () =>
          graph.constant(tensor('float32', [classes, classes], new Float32Array(classes ** 2)), SOFT_LABELS),
        )
        const known = oneHot(graph, labelled.labels, classes)
        step.loss('soft labels', softLabelLoss(graph, labelled.logits, known, soft, temperature), factor)
      },
    }
    if (problem.labelledTarget === undefined) return [adaptation]
    return [
      { name: 'source', uses: 'source', epochs: sourceEpochs },
      {
        ...adaptation,
        trains: ['backbone', 'body', 'head', 'discriminator'],
        async before(now) {
          const logits = await Promise.all(problem.sources.map(async (rows) => (await now.on(rows)).logits))
          const labels = problem.sources.flatMap((rows) => [...rows.labels])
          return { [SOFT_LABELS]: await taken({ logits: stackRows(logits), labels: indicators(labels, outputs) }) }
        },
      },
    ]
  },
})

function indicators(labels: readonly number[], classes: number): Matrix {
  const all = matrix(labels.length, classes)
  for (const [i, label] of labels.entries()) all.data[i * classes + label] = 1
  return all
}
