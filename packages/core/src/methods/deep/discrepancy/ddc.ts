import { z } from 'zod'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { defineDeepMethod } from '../deep-method.ts'
import { meanOver } from '../losses/graph-values.ts'
import { mmdLoss } from '../losses/index.ts'
import { deepSettings } from '../settings.ts'
import { findAdaptation } from './place-search.ts'
import { tradeOffOf, tradeOffSettings } from './settings.ts'

const number = z.number().int()

/**
 * Deep domain confusion (Tzeng 2014, equations 1 and 2): the maximum mean discrepancy of one layer, whose place and
 * width are those where the discrepancy is least. The paper writes the distance of the means; on photographs that squeezes
 * classes together (12 points below the source alone at the paper's factor), where Gaussian kernels gain.
 */
export const ddc = defineDeepMethod({
  id: 'ddc',
  name: 'Deep Domain Confusion',
  paper: {
    authors: 'Tzeng, Hoffman, Zhang, Saenko, Darrell',
    year: 2014,
    title: 'Deep Domain Confusion: Maximizing for Domain Invariance',
  },
  summary: 'An adaptation layer in which the domains’ means agree, at the place and width where they differ least.',
  options: z.strictObject({
    ...deepSettings,
    ...tradeOffSettings(0.25, 0),
    place: z
      .union([z.literal('auto'), number.min(1)])
      .default('auto')
      .describe('the hidden layer to align, counted from the input, or the one where the domains differ least'),
    width: z
      .union([z.literal('auto'), number.min(0)])
      .default(0)
      .describe(
        'units of a layer of its own that is put there; 0: none, the network’s layer as it is; auto: 64 to 512',
      ),
    searchEpochs: number
      .min(1)
      .default(3)
      .describe('passes over the source before the domains are compared, for each network that is tried'),
    kernel: z
      .enum(['linear', 'gaussian'])
      .default('gaussian')
      .describe(
        'the distance of the means themselves, as the paper writes it, or of five Gaussian kernels, which is bounded',
      ),
  }),
  async plan(setup, { place, width, searchEpochs, kernel, ...settings }) {
    const { network, layer, facts } = await findAdaptation(setup, { place, width, searchEpochs })
    return {
      network,
      facts,
      stages: [
        {
          build({ graph, source, target, loss }) {
            const rows = [source.layers[layer]!, target.layers[layer]!] as const
            const value =
              kernel === 'linear' ? linearMmd(graph, ...rows) : mmdLoss(graph, ...rows, { bandwidth: 'mean' })
            loss('mmd', value, tradeOffOf(settings))
          },
        },
      ],
    }
  },
})

/** `‖mean s − mean t‖²`, a scalar: the squared discrepancy of a linear kernel. */
function linearMmd(graph: GraphBuilder, source: Value, target: Value): Value {
  const difference = graph.node('Sub', [meanOver(graph, source, [0]), meanOver(graph, target, [0])])
  return graph.node('ReduceSumSquare', [difference])
}
