import { z } from 'zod'
import { defineStrategy } from '../strategy.ts'
import { channelAttention } from './delta-attention.ts'
import { asTrained, featureMaps } from './delta-layers.ts'
import { behaviour, type WeightedMap } from './delta-term.ts'
import { squaredPenalty } from './l2-sp-penalty.ts'

const options = z.object({
  alpha: z
    .number()
    .min(0)
    .default(0.64)
    .describe('pull towards the pretrained network’s feature maps: larger values keep them closer'),
  beta: z.number().min(0).default(0.01).describe('pull of the new head towards zero: larger values keep it smaller'),
  layers: z
    .number()
    .int()
    .min(1)
    .default(4)
    .describe('blocks whose outputs are compared, evenly spread, the last among them'),
  attention: z.boolean().default(true).describe('whether channels that the new head needs count more than others'),
  rows: z
    .number()
    .int()
    .min(1)
    .default(64)
    .describe('training rows at most that the need of each channel is measured on'),
})

/**
 * DELTA (Li 2019, eq. 3 to 6): `α/2 Σ_maps Σ_c C W_c mean ‖S_c − T_c‖² / places + β/2 ‖head‖²`, with `S` and `T` the feature
 * maps (`C` channels) of the trained and of the pretrained network on the same input and `W` the attention of
 * `channelAttention`; without attention `W` is `1/C`. The mean is over the batch: the authors' code sums over its 64 rows with
 * `α` 0.01, which is 0.64 here. They compare the last convolution of four stages; here it is what four blocks end with.
 */
export const delta = defineStrategy({
  id: 'delta',
  name: 'Feature maps with attention (DELTA)',
  paper: {
    authors: 'Li, Xiong, Wang, Rao, Liu, Huan',
    year: 2019,
    title: 'DELTA: Deep Learning Transfer using Feature Map with Attention for Convolutional Networks',
  },
  summary:
    'Trains all weights and keeps the feature maps near the pretrained ones, above all those that the new classes need.',
  options,
  async plan(context, settings) {
    const maps = await featureMaps(context, settings.layers)
    const rows = context.random.fork('attention rows').permutation(context.rows).slice(0, settings.rows)
    const total = maps.reduce((sum, { channels }) => sum + channels, 0)
    let done = 0
    const tell = () => context.progress('attention of channels', ++done, total)
    const weighted: WeightedMap[] = []
    for (const map of maps) {
      const attention = settings.attention ? await channelAttention(context, map, rows, tell) : undefined
      const factors = attention?.map((each) => each * map.channels) ?? new Float64Array(map.channels).fill(1)
      weighted.push({ ...map, factors })
    }
    return {
      losses: [
        behaviour(settings.alpha, asTrained(context.network), weighted),
        squaredPenalty({ name: 'head', weight: settings.beta, parameters: context.head }),
      ],
      weightDecay: 0,
      facts: { 'feature maps': maps.map(({ value, channels }) => `${value} (${channels})`).join(', ') },
    }
  },
})
