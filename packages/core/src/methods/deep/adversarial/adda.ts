import { z } from 'zod'
import { type Matrix, stackRows, takeRows, tensor } from '../../../tensor/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { adda as addaLosses } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { rowStream } from '../trainer/row-stream.ts'
import { domainDiscriminator } from './domain-discriminator.ts'

const SOURCE_FEATURES = 'source features'
const DISCRIMINATOR = 'discriminator'

/**
 * Adversarial discriminative domain adaptation (Tzeng 2017, equation 9). First the network learns the source. Then its
 * encoder is kept for the source, and a copy becomes the target's: a discriminator learns to tell source features from
 * those of the copy, which learns to pass for source; the classifier stays. What comes out is the target's encoder with
 * that classifier. The source's features are computed once, by the encoder that stays.
 */
export const adda = defineDeepMethod({
  id: 'adda',
  name: 'Adversarial Discriminative Domain Adaptation',
  paper: {
    authors: 'Tzeng, Hoffman, Saenko, Darrell',
    year: 2017,
    title: 'Adversarial Discriminative Domain Adaptation',
  },
  summary: 'An encoder of the target’s own, trained until its features pass for those of the source.',
  options: z.strictObject({
    ...deepSettings,
    sourceEpochs: z.number().int().positive().default(10).describe('passes over the source before adaptation'),
    encoderRate: z.number().min(0).default(0.1).describe('factor on the step size of the target’s encoder'),
    discriminatorRate: z.number().positive().default(0.2).describe('factor on the step size of the discriminator'),
    discriminatorWidth: z.number().int().positive().default(500).describe('units of its two hidden layers'),
  }),
  plan({ problem, random }, settings) {
    const { backboneRate, encoderRate, discriminatorRate, discriminatorWidth } = settings
    let encoded: readonly Matrix[] = []
    const streams = problem.sources.map(({ rows }, i) => rowStream(rows, random.fork(`source ${i}`)))
    const share = Math.max(1, Math.floor(settings.batchSize / problem.sources.length))
    return [
      { name: 'source', uses: 'source', epochs: settings.sourceEpochs },
      {
        uses: 'target',
        async before(network) {
          encoded = await Promise.all(problem.sources.map(async (rows) => (await network.on(rows)).features))
          return {}
        },
        build(step) {
          const rows = problem.sources.reduce((sum, { rows: all }) => sum + Math.min(share, all), 0)
          const source = step.input(SOURCE_FEATURES, 'float32', [rows, step.width])
          const features = { source, target: step.target.features }
          const discriminator = domainDiscriminator(step, { width: step.width, hidden: discriminatorWidth })
          const losses = addaLosses(step.graph, features, discriminator)
          step.loss('discriminator', losses.discriminator)
          step.loss('encoder', losses.encoder)
          discriminator.measure(features)
        },
        trains: ['backbone', 'body', DISCRIMINATOR],
        rates: {
          backbone: backboneRate * encoderRate,
          body: encoderRate,
          [DISCRIMINATOR]: discriminatorRate,
        },
        inputs({ epoch, step, steps }) {
          const at = (epoch - 1) * steps + step
          const drawn = stackRows(
            encoded.map((features, i) => {
              const count = Math.min(share, features.rows)
              return takeRows(features, streams[i]!(at * count, count))
            }),
          )
          const { rows, columns, data } = drawn
          return { [SOURCE_FEATURES]: tensor('float32', [rows, columns], Float32Array.from(data)) }
        },
      },
    ]
  },
})
