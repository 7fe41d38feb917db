import { z } from 'zod'
import { cutTo } from '../../autodiff/index.ts'
import { smallestSquares } from '../../training/index.ts'
import { defineStrategy, type StrategyContext } from '../strategy.ts'

/**
 * Batch spectral shrinkage (Chen 2019, eq. 5 and 6): `η Σᵢ σ²₋ᵢ`, the squares of the `k` smallest singular values of a
 * batch's features (`embedding`, `rows × width`). What pretrained features spread over their smallest singular values
 * transfers badly and is suppressed. `η` 0.001 and `k` 1 are the paper's.
 */
export const bss = defineStrategy({
  id: 'bss',
  name: 'Batch Spectral Shrinkage',
  paper: {
    authors: 'Chen, Wang, Fu, Long, Wang',
    year: 2019,
    title: 'Catastrophic Forgetting Meets Negative Transfer: Batch Spectral Shrinkage for Safe Transfer Learning',
  },
  summary: 'Trains all weights and shrinks the smallest singular values of each batch’s features.',
  options: z.object({
    eta: z.number().min(0).default(0.001).describe('weight of the penalty: larger values shrink more'),
    k: z.number().int().min(1).default(1).describe('how many of the smallest singular values are shrunk'),
  }),
  async plan(context, { eta, k }) {
    const width = await embeddingWidth(context)
    const { input } = context
    return {
      losses: [
        {
          name: 'spectrum',
          weight: eta,
          build: (graph, batch) => smallestSquares(graph, 'embedding', [batch[input]!.dims[0]!, width], k),
        },
      ],
      facts: { width },
    }
  },
})

async function embeddingWidth({ runtime, network, input, inputs }: StrategyContext): Promise<number> {
  const cut = cutTo(network, [network.graph.outputs.find(({ name }) => name === 'embedding')!])
  const { embedding } = await runtime.run(cut, { [input]: await inputs(Int32Array.of(0), 0) })
  return embedding!.dims[1]!
}
