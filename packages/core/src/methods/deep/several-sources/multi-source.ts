import { z } from 'zod'
import { dannFactor } from '../../../training/index.ts'
import { annealedReversal } from '../adversarial/adversarial-settings.ts'
import { labelledCrossEntropy } from '../adversarial/labelled-cross-entropy.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { momentDistance } from '../losses/moment-matching.ts'
import { deepSettings } from '../settings.ts'
import { worstSource } from './worst-source.ts'

/**
 * Adaptation from several sources at once, which stay apart. `moments`: the moment distance between all pairs of domains
 * (Peng 2019, definition 1), with one classifier for all sources where the paper has one for each. `adversary`: MDAN (Zhao,
 * Zhang, Wu, Moura, Costeira, Gordon 2018, Adversarial Multiple Source Domain Adaptation), a discriminator for each source
 * and the largest of the sources’ bounds; of a single source it is DANN. Which one and `matching` are as made-up shifts and
 * Office-Caltech10 suggested.
 */
export const multiSource = defineDeepMethod({
  id: 'multi-source',
  name: 'Multi-source Domain Adaptation',
  paper: {
    authors: 'Peng, Bai, Xia, Huang, Saenko, Wang',
    year: 2019,
    title: 'Moment Matching for Multi-Source Domain Adaptation',
  },
  summary: 'Aligns several sources with the target and with one another, each by itself.',
  options: z.strictObject({
    ...deepSettings,
    by: z
      .enum(['adversary', 'moments'])
      .default('moments')
      .describe('a discriminator for each source (Zhao 2018), or the moments of all domains (Peng 2019)'),
    moments: z.number().int().positive().default(2).describe('moments: the highest that is matched'),
    matching: z.number().min(0).default(0.03).describe('moments: the largest factor of their distance'),
    tradeOff: z.number().min(0).default(1).describe('adversary: the largest factor of the reversed gradients'),
    gamma: z.number().positive().default(10).describe('how fast that factor rises from 0'),
    maximum: z
      .enum(['soft', 'hard'])
      .default('soft')
      .describe('adversary: the sources that are hardest weigh more, or the hardest of a batch alone counts'),
    sharpness: z.number().positive().default(10).describe('adversary: how much more they weigh'),
    discriminatorWidth: z.number().int().positive().default(256).describe('units of a discriminator’s hidden layers'),
  }),
  plan: (_, settings) => [
    {
      supervised: settings.by === 'moments',
      build(step) {
        const { graph, classes, target, labelled } = step
        const { labelSmoothing } = settings
        // A source none of whose rows has a label has no rows here.
        const sources = step.sources.filter(({ rows }) => rows > 0)
        if (settings.by === 'moments') {
          const features = sources.map((source) => source.features)
          const distance = momentDistance(graph, features, target.features, { moments: settings.moments })
          const rise = dannFactor(settings.gamma)
          step.loss('moments', distance, (at, steps) => settings.matching * rise(at, steps))
          return
        }
        const { maximum, sharpness, discriminatorWidth: hidden } = settings
        const reversal = annealedReversal(step, settings)
        worstSource(step, sources, { maximum, sharpness, hidden, labelSmoothing, reversal })
        if (labelled !== undefined) {
          const loss = labelledCrossEntropy(graph, labelled.logits, labelled.labels, { classes, labelSmoothing })
          step.loss('target classification', loss)
        }
      },
    },
  ],
})
