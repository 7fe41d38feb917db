import { z } from 'zod'
import { InvalidInputError } from '../../../errors.ts'
import { describeNode, type Model } from '../../../onnx/index.ts'
import type { Runtime, Tensors } from '../../../runtime/index.ts'
import { adaptNormalisation } from '../losses/adapt-normalisation.ts'
import { type NormalisationLayer, normalisationLayers } from '../losses/normalisation-layers.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import type { DeepRows } from '../trainer/deep-problem.ts'
import { rowsTensor } from '../trainer/network-outputs.ts'

/** The setting `normalised` of methods that cannot do without. */
export const normalised = z.boolean().default(true).describe('batch normalisation in lenet and mlp, which is adapted')

/** Rows that go through a network at once. */
const BLOCK = 256

/**
 * The batch normalisations of a network. Throws `InvalidInputError` where there are none, as where an exporter folded them
 * into convolutions, and where two share their statistics.
 */
export function normalisationsOf({ model, fresh }: Pick<DeepNetwork, 'model' | 'fresh'>): NormalisationLayer[] {
  const layers = normalisationLayers(model.graph)
  if (layers.length === 0) {
    throw new InvalidInputError(
      fresh
        ? 'the network has no batch normalisation to adapt: set normalised=true'
        : 'the backbone has no batch normalisation to adapt: export it without folding normalisation into its convolutions, or take lenet or mlp with normalised=true',
    )
  }
  const seen = new Set<string>()
  for (const { node } of layers) {
    for (const name of statisticsOf(node)) {
      if (seen.has(name) || !model.graph.initializers.has(name)) {
        throw new InvalidInputError(
          `the running statistics "${name}" of ${describeNode(node)} are not its own: export the model with statistics for each normalisation`,
        )
      }
      seen.add(name)
    }
  }
  return layers
}

/** The names of a normalisation's running mean and variance. */
export const statisticsOf = ({ inputs }: NormalisationLayer['node']): readonly string[] => inputs.slice(3, 5)

/** Rows in blocks, as inputs of a network. */
export const rowBlocks = (
  { input, dims }: Pick<DeepNetwork, 'input' | 'dims'>,
  rows: DeepRows,
): (() => Iterable<Tensors>) =>
  function* () {
    for (let from = 0; from < rows.rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows.rows - from)
      const places = Int32Array.from({ length: count }, (_, i) => from + i)
      yield { [input]: rowsTensor(rows, places, dims) }
    }
  }

/** The statistics, by their names, that a trained network has on all rows of a domain. */
export async function statisticsOn(
  runtime: Runtime,
  network: DeepNetwork,
  trained: Model,
  rows: DeepRows,
): Promise<Tensors> {
  const { graph } = await adaptNormalisation(runtime, trained, rowBlocks(network, rows))
  const names = normalisationsOf(network).flatMap(({ node }) => statisticsOf(node))
  return Object.fromEntries(names.map((name) => [name, graph.initializers.get(name)!]))
}
