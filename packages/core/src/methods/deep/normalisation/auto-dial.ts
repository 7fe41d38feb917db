import { z } from 'zod'
import { int } from '../../../onnx/index.ts'
import type { Tensors } from '../../../runtime/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { meanEntropy } from '../losses/entropy.ts'
import { meanOver, scalar } from '../losses/graph-values.ts'
import { normalisationLayers } from '../losses/normalisation-layers.ts'
import { deepSettings } from '../settings.ts'
import { mixingOf, withAlignmentLayers } from './alignment-layers.ts'
import { mixedStatistics } from './mixed-statistics.ts'
import { normalisationsOf, normalised, rowBlocks, statisticsOf } from './normalised-network.ts'

/** The group of the layers' mixings. */
const MIXING = 'mixing'

/**
 * Automatic domain alignment layers (Carlucci 2017): in place of batch normalisation, each domain is normalised by a
 * mixture of both domains' statistics, how much of each being learnt by layer (section 3.1), with the entropy of the
 * target's predictions beside the source's loss (equation 4). For predictions the mixtures for the target over all rows are
 * the network's statistics, and it is an ordinary network again. Mixings start at 1, which did best on digits.
 */
export const autoDial = defineDeepMethod({
  id: 'auto-dial',
  name: 'Automatic Domain Alignment Layers',
  paper: {
    authors: 'Carlucci, Porzi, Caputo, Ricci, Rota Bulò',
    year: 2017,
    title: 'AutoDIAL: Automatic DomaIn Alignment Layers',
  },
  summary: 'Normalises each domain by a mixture of both domains’ statistics that is learnt layer by layer.',
  options: z.strictObject({
    ...deepSettings,
    normalised,
    entropy: z.number().min(0).default(0.1).describe('the factor of the entropy of the target’s predictions'),
    mixing: z
      .number()
      .min(0.5)
      .max(1)
      .default(1)
      .describe('where each layer’s mixing starts: 1 keeps the domains apart, 0.5 makes their statistics one'),
  }),
  plan({ runtime, network, problem }, { entropy, mixing }) {
    const layers = normalisationsOf(network)
    const mixings = layers.map(({ node }) => mixingOf(node))
    const names = new Set(mixings)
    return [
      {
        batchNormalisation: 'batch',
        rewrite: (model, layout) => withAlignmentLayers(model, normalisationLayers(model.graph), layout, mixing),
        group: (name) => (names.has(name) ? MIXING : undefined),
        // A penalty would pull mixings to 0, out of their range.
        decays: { [MIXING]: 0 },
        build(step) {
          step.loss('entropy', meanEntropy(step.graph, step.target.logits), entropy)
          const { graph } = step
          const ends = [scalar(graph, 0.5), scalar(graph, 1)]
          step.measure(
            'mixing',
            meanOver(graph, graph.node('Clip', [graph.node('Concat', mixings, { axis: int(0) }), ...ends])),
          )
        },
        async after(trained, _, weights): Promise<Tensors> {
          const alphas = mixings.map((name) => Math.min(1, Math.max(0.5, Number(weights[name]!.data[0]))))
          const sources = problem.sources.map((rows) => rowBlocks(network, rows))
          const found = await mixedStatistics(runtime, trained, normalisationLayers(trained.graph), alphas, {
            *source() {
              for (const blocks of sources) yield* blocks()
            },
            target: rowBlocks(network, problem.target),
          })
          return Object.fromEntries(
            layers.flatMap(({ node }, i) => {
              const [mean, variance] = statisticsOf(node)
              return [
                [mean, found[i]!.mean],
                [variance, found[i]!.variance],
              ]
            }),
          )
        },
      },
    ]
  },
})
