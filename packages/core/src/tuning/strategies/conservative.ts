import { z } from 'zod'
import { InvalidInputError } from '../../errors.ts'
import { defineStrategy, type StrategyContext, type TuningPlan } from '../strategy.ts'
import { biasesOf } from './conservative-biases.ts'
import { closeness, type Kept, startRecorder } from './conservative-closeness.ts'

/**
 * Plain conservative training: few epochs at a low rate, ended as soon as the held-out rows no longer gain, so that
 * weights go only as far from where they were as the new rows ask; what is trained may be narrowed to the last block or
 * to the biases.
 *
 * In speech recognition the name stands for training that keeps the outputs near those of the start. `keep` adds that, in
 * the form of Yu et al. 2013, eq. 4 to 6: the Kullback–Leibler divergence from the starting network's probabilities
 * `p⁰` gets a part `ρ` of the loss, `(1 − ρ) CE(label, p) + ρ CE(p⁰, p)`, here divided by `1 − ρ`. `p` are the
 * probabilities of the new head, whose start is its fit to frozen features, or those of the old head.
 */
export const conservative = defineStrategy({
  id: 'conservative',
  name: 'Conservative training',
  paper: {
    authors: 'Yu, Yao, Su, Li, Seide',
    year: 2013,
    title: 'KL-divergence regularized deep neural network adaptation for improved large vocabulary speech recognition',
  },
  summary: 'Takes few steps at a low rate and stops when held-out rows no longer gain.',
  options: z.object({
    rate: z.number().positive().default(0.1).describe('a factor on the learning rate: larger values go further'),
    mostEpochs: z.number().int().positive().default(5).describe('epochs at most, however many were asked for'),
    patience: z
      .number()
      .int()
      .positive()
      .default(2)
      .describe('epochs without a better score on held-out rows before training ends'),
    train: z
      .enum(['all', 'last', 'biases'])
      .default('all')
      .describe('what is trained beside the head: all that is not frozen, the last block, or the biases'),
    keep: z
      .enum(['nothing', 'new-head', 'old-head'])
      .default('nothing')
      .describe('whose probabilities are kept near those of the start'),
    rho: z
      .number()
      .min(0)
      .max(0.99)
      .default(0.5)
      .describe('how much of the loss keeps probabilities where they were: larger values keep them closer'),
  }),
  plan(context, { rate, mostEpochs, patience, train, keep, rho }): TuningPlan {
    const trained = new Set([...trainedBeside(context, train), ...context.head])
    const kept = keep === 'nothing' ? undefined : keptOutput(context, keep)
    if (keep === 'old-head') for (const name of context.oldHead!.parameters) trained.add(name)
    return {
      phases: [{ epochs: Math.min(mostEpochs, context.epochs) }],
      trainable: (name) => trained.has(name),
      rate,
      patience,
      ...(kept && { losses: [closeness(kept, rho / (1 - rho))], inputs: startRecorder(context, kept) }),
    }
  },
})

function trainedBeside({ blocks, network }: StrategyContext, train: 'all' | 'last' | 'biases'): readonly string[] {
  if (train === 'last') return blocks.findLast((names) => names.length > 0) ?? []
  if (train === 'all') return blocks.flat()
  const biases = biasesOf(network)
  return blocks.flat().filter((name) => biases.has(name))
}

function keptOutput({ oldHead }: StrategyContext, keep: 'new-head' | 'old-head'): Kept {
  if (keep === 'new-head') return { output: 'logits', kind: 'logits' }
  if (oldHead !== undefined) return oldHead
  throw new InvalidInputError(
    'conservative training that keeps the old head’s probabilities needs the head that the network came with, and this one has none: set keep to new-head, or to nothing',
  )
}
