import { z } from 'zod'
import { InvalidInputError } from '../../errors.ts'
import { defineStrategy, type StrategyContext } from '../strategy.ts'
import { fisherDiagonal } from './ewc-fisher.ts'
import { squaredPenalty } from './l2-sp-penalty.ts'

const options = z.object({
  lambda: z
    .number()
    .min(0)
    .default(100)
    .describe('weight of the old task: larger values keep more of it and learn less of the new one'),
  rows: z
    .number()
    .int()
    .min(1)
    .default(200)
    .describe('rows of the old task at most that the importance of weights is measured on'),
  labels: z
    .enum(['drawn', 'given'])
    .default('drawn')
    .describe(
      'labels in the Fisher information: drawn from what the old head says, or the ones given (the empirical Fisher information)',
    ),
})

/**
 * Elastic weight consolidation (Kirkpatrick 2017, eq. 3): `λ/2 Σᵢ Fᵢ (wᵢ − w⁰ᵢ)²` over the pretrained parameters, `F` being
 * the diagonal of the old task's Fisher information at `w⁰`, the mean over at most `rows` of its rows and not rescaled. With
 * the cross-entropy of the new rows as a mean, `λ` is how many old rows weigh as much as all new ones divided by their
 * number; the paper leaves it to the reader. Without rows of the old task the new rows stand in for them, with labels
 * drawn from what the old head says of them.
 */
export const ewc = defineStrategy({
  id: 'ewc',
  name: 'Elastic Weight Consolidation',
  paper: {
    authors: 'Kirkpatrick, Pascanu, Rabinowitz, Veness, and others',
    year: 2017,
    title: 'Overcoming catastrophic forgetting in neural networks',
  },
  summary: 'Trains all weights and holds those in place that matter to the old task.',
  needs: { oldHead: true },
  options,
  async plan(context, { lambda, rows, labels }) {
    const { oldHead, oldTask, blocks, start } = context
    if (oldHead === undefined)
      throw new InvalidInputError('ewc needs the head that the network came with: this one has none')
    if (labels === 'given' && oldTask === undefined) {
      throw new InvalidInputError('labels "given" need rows of the old task: give them, or choose "drawn"')
    }
    const parameters = blocks.flat()
    if (parameters.length === 0) return { losses: [] }
    const chosen = context.random
      .fork('fisher rows')
      .permutation(oldTask?.rows ?? context.rows)
      .slice(0, rows)
    const importance = await fisherDiagonal({
      ...context,
      oldHead,
      parameters,
      rows: chosen,
      inputOf: inputOf(context),
      ...(labels === 'given' && { labelOf: (row: number) => oldTask!.labels[row]! }),
      random: context.random.fork('fisher labels'),
    })
    return {
      losses: [squaredPenalty({ name: 'importance', weight: lambda, parameters, towards: start, importance })],
      groups: [{ match: (name) => parameters.includes(name), weightDecay: 0 }],
      facts: {
        'fisher rows': chosen.length,
        'fisher rows from': oldTask === undefined ? 'the new task, for want of old rows' : 'the old task',
        'fisher labels': labels,
      },
    }
  },
})

const inputOf =
  ({ oldTask, inputs }: StrategyContext) =>
  (row: number) =>
    oldTask?.inputs(Int32Array.of(row)) ?? inputs(Int32Array.of(row), 0)
