import { z } from 'zod'
import { conditionalAdversarial, conditioning } from '../losses/index.ts'
import { probabilitiesOf } from '../losses/predictions.ts'
import { deepSettings } from '../settings.ts'
import type { DeepStage } from '../trainer/deep-stage.ts'
import type { DomainValues } from '../trainer/deep-step.ts'
import { adversarialSettings, annealedReversal } from './adversarial-settings.ts'
import { domainDiscriminator } from './domain-discriminator.ts'

/** The settings of CDAN. */
export const conditionalOptions = z.strictObject({
  ...deepSettings,
  ...adversarialSettings,
  multilinearLimit: z
    .number()
    .int()
    .min(0)
    .default(4096)
    .describe('features times classes up to which their products are taken as they are; above it they are drawn'),
  randomWidth: z.number().int().positive().default(1024).describe('the length of a drawn row'),
})

/** The training of CDAN, Long 2018; `entropyWeights`: rows that are predicted with certainty count more. */
export function conditionalStage(
  { discriminatorWidth, multilinearLimit, randomWidth, ...settings }: z.output<typeof conditionalOptions>,
  entropyWeights: boolean,
): DeepStage {
  return {
    build(step) {
      const { graph, source, target, width, classes, random } = step
      const map = conditioning(graph, {
        width,
        classes,
        limit: multilinearLimit,
        dims: randomWidth,
        random: random.fork('multilinear map'),
      })
      const reversal = annealedReversal(step, settings)
      const discriminator = domainDiscriminator(step, { width: map.width, hidden: discriminatorWidth })
      const value = conditionalAdversarial(
        graph,
        { source, target },
        { conditioning: map, discriminator, reversal, entropyWeights },
      )
      step.loss('adversarial', value)
      const joined = ({ features, logits }: DomainValues) => map.join(features, probabilitiesOf(graph, logits))
      discriminator.measure({ source: joined(source), target: joined(target) })
    },
  }
}
