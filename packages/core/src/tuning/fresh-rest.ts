import { withParameters } from '../autodiff/index.ts'
import { type Block, reinitialise } from '../networks/index.ts'
import { type Random, sizeOf, type Tensor } from '../tensor/index.ts'
import type { TunedNetwork } from './tuned-network.ts'

/**
 * The network with the blocks from `reuse` on started at random, as `reinitialise` does, and its head at zero; parameters
 * that a kept block reads too stay. The same network where all blocks are kept.
 */
export function freshRest(
  network: TunedNetwork,
  blocks: readonly Block[],
  reuse: number,
  random: Random,
): TunedNetwork {
  if (reuse === blocks.length) return network
  const kept = new Set(blocks.slice(0, reuse).flatMap(({ parameters }) => parameters))
  const rest = blocks.slice(reuse).flatMap(({ parameters }) => parameters)
  const fresh = reinitialise(
    network.model,
    [...new Set(rest)].filter((name) => !kept.has(name)),
    random,
  )
  const head = network.head.map((name) => [name, zeros(fresh.graph.initializers.get(name)!.dims)])
  return { ...network, model: withParameters(fresh, Object.fromEntries(head)) }
}

const zeros = (dims: readonly number[]): Tensor => ({
  type: 'float32',
  dims,
  data: new Float32Array(sizeOf(dims)),
})
