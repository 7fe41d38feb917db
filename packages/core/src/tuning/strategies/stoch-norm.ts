import { z } from 'zod'
import { InvalidInputError } from '../../errors.ts'
import type { Tensors } from '../../runtime/index.ts'
import { type Random, type Tensor, tensor } from '../../tensor/index.ts'
import { type NormalisationChoice, normalisationChoices } from '../../training/index.ts'
import { defineStrategy } from '../strategy.ts'

/**
 * Each channel `k` of each batch normalisation is, in each step, normalised either by the batch's statistics or by the
 * moving ones `μ̃`, `σ̃²` as they were before the step:
 *
 * `yₖ = γₖ ((1 − sₖ) (xₖ − μ̃ₖ) / √(σ̃ₖ² + ε) + sₖ (xₖ − μₖ) / √(σₖ² + ε)) + βₖ`, `sₖ ~ Bernoulli(p)`.
 *
 * The moving statistics then move towards the batch's, and are all that the tuned network has: what is random is in
 * training only, as with dropout. The paper is Kou, You, Long, Wang 2020, section 3.
 */
export const stochNorm = defineStrategy({
  id: 'stoch-norm',
  name: 'Stochastic normalisation',
  paper: { authors: 'Kou, You, Long, Wang', year: 2020, title: 'Stochastic Normalization' },
  summary: 'Normalises each channel at random by the batch’s statistics or by the pretrained moving ones.',
  needs: { batchNormalisation: true },
  options: z.object({
    p: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('how often a channel is normalised by the batch: 0 always by the moving statistics, 1 never'),
  }),
  plan({ network, blocks, random }, { p }) {
    const choices = normalisationChoices(network)
    if (choices.length === 0) throw folded(blocks.length)
    return {
      batchNormalisation: 'stochastic',
      inputs: (_, rows, epoch) => drawChoices(choices, random.fork(`epoch ${epoch} rows ${rows.join(' ')}`), p),
      facts: { normalisations: choices.length },
    }
  },
})

/** For each channel of each normalisation 1 with probability `p`, else 0. */
function drawChoices(choices: readonly NormalisationChoice[], random: Random, p: number): Tensors {
  return Object.fromEntries(
    choices.map(({ input, mean }) => [input, drawn(mean, () => (random.uniform() < p ? 1 : 0))]),
  )
}

const drawn = ({ type, dims, data }: Tensor, draw: () => number): Tensor =>
  type === 'float64'
    ? tensor(type, dims, Float64Array.from({ length: data.length }, draw))
    : tensor('float32', dims, Float32Array.from({ length: data.length }, draw))

const folded = (blocks: number): InvalidInputError =>
  new InvalidInputError(
    blocks === 0
      ? 'stoch-norm needs normalisations to train, and all blocks are kept as they are: reuse fewer of them'
      : 'stoch-norm needs a network with BatchNormalization, and the part that is trained has none: exporters fold it into the convolutions unless they are told to keep it (PyTorch: training=TrainingMode.PRESERVE and do_constant_folding=False); export it so, reuse fewer blocks, or take another strategy',
  )
