import { z } from 'zod'
import { annealedReversal } from '../adversarial/adversarial-settings.ts'
import { conditionalOptions, conditionalStage } from '../adversarial/conditional-stage.ts'
import { domainDiscriminator } from '../adversarial/domain-discriminator.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { domainAdversarial, spectralPenalisation } from '../losses/index.ts'
import type { DeepStep, DomainValues } from '../trainer/deep-step.ts'

/**
 * Batch spectral penalisation (Chen 2019, equations 5 to 7): adversarial training strengthens the few directions of the
 * features that transfer best at the cost of those that tell classes apart; the penalty on each domain's largest singular
 * values keeps the former from dominating. Factor and number of singular values are those of the paper.
 */
export const bsp = defineDeepMethod({
  id: 'bsp',
  name: 'Batch Spectral Penalisation',
  paper: {
    authors: 'Chen, Wang, Long, Wang',
    year: 2019,
    title: 'Transferability vs. Discriminability: Batch Spectral Penalization for Adversarial Domain Adaptation',
  },
  summary: 'Adversarial training that keeps the strongest directions of the features from dominating.',
  options: z.strictObject({
    ...conditionalOptions.shape,
    with: z
      .enum(['dann', 'cdan', 'none'])
      .default('dann')
      .describe('the adversarial loss beside the penalty: on features, on features joined with predictions, or none'),
    penalty: z.number().min(0).default(1e-4).describe('the factor of the squared singular values'),
    count: z.number().int().positive().default(1).describe('how many singular values of each domain are penalised'),
  }),
  plan: (_, { with: adversary, penalty, count, ...settings }) => {
    const conditional = conditionalStage(settings, false)
    return [
      {
        build(step) {
          if (adversary === 'dann') addDiscriminator(step, settings)
          if (adversary === 'cdan') conditional.build?.(step)
          const domain = ({ features, rows }: DomainValues) => ({ features, dims: [rows, step.width] as const })
          const domains = { source: domain(step.source), target: domain(step.target) }
          step.loss('spectral', spectralPenalisation(step.graph, domains, { count }), penalty)
        },
      },
    ]
  },
})

/** The loss of DANN with its discriminator. */
function addDiscriminator(
  step: DeepStep,
  {
    discriminatorWidth,
    ...settings
  }: Pick<z.output<typeof conditionalOptions>, 'discriminatorWidth' | 'tradeOff' | 'gamma'>,
): void {
  const features = { source: step.source.features, target: step.target.features }
  const reversal = annealedReversal(step, settings)
  const discriminator = domainDiscriminator(step, { width: step.width, hidden: discriminatorWidth })
  step.loss('adversarial', domainAdversarial(step.graph, features, { discriminator, reversal }))
  discriminator.measure(features)
}
