import { ancestors } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Block, blocksOf } from './blocks.ts'
import { type Segment, segmentsTo } from './cut-points.ts'
import { featureValue } from './feature-value.ts'
import { type OpenNetwork, openBatch, type RowValue } from './open-batch.ts'

/** A pretrained network as its user sees it: layers, and where it can be cut. */
export interface Network extends OpenNetwork {
  /** From the input to the features, first to last; the last one ends with `features`. */
  readonly blocks: readonly Block[]
  /** The value to put a new head on. */
  readonly features: string
  /** The sizes of one row of the features: `[d]`, `[channels, height, width]` or `[tokens, d]`. */
  readonly dims: readonly number[]
  /** What follows the features, or the last block that leads to them as well: the old classifier. */
  readonly head: readonly Block[]
  readonly outputs: readonly (RowValue & { readonly name: string })[]
}

export interface NetworkOptions {
  /** Sizes of one row of the input, where the file leaves them open. */
  readonly dims?: readonly number[] | undefined
  /** The value to take as features instead of the suggested one. */
  readonly features?: string | undefined
}

/**
 * Describes a network with one input, by running it on zeros. Blocks are cut where everything that follows depends on one
 * float32 value with the batch as its first dimension: residual branches, attention and squeeze-excitation lie inside a
 * block. Throws `InvalidInputError` where the model cannot be run or `features` is not a value of it.
 */
export async function describeNetwork(
  runtime: Runtime,
  model: Model,
  { dims, features: wanted }: NetworkOptions = {},
): Promise<Network> {
  const network = await openBatch(runtime, model, { dims })
  const features = wanted ?? featureValue(network)
  const row = network.rows.get(features)
  if (row === undefined) {
    throw new InvalidInputError(
      `"${features}" is not a value with one row for each row of the input: choose an output of one of the layers`,
    )
  }
  const path = segmentsTo(network, features)
  return {
    ...network,
    blocks: blocksOf(network, path),
    features,
    dims: row.dims,
    head: headAfter(network, features, path),
    outputs: network.model.graph.outputs.map(({ name }) => ({
      name,
      ...(network.rows.get(name) ?? { type: 'float32', dims: [] }),
    })),
  }
}

/** The blocks of the last output that lies beyond the features, from where its path leaves theirs. */
function headAfter(network: OpenNetwork, features: string, path: readonly Segment[]): Block[] {
  const { nodes, outputs } = network.model.graph
  const before = new Set(ancestors(nodes, [features]).flatMap((node) => node.outputs))
  const last = outputs.findLast(({ name }) => !before.has(name))
  if (last === undefined) return []
  const own = new Set(path.map(({ output }) => output))
  const segments = segmentsTo(network, last.name)
  const from = segments.findLastIndex(({ output }) => own.has(output))
  return blocksOf(network, segments.slice(from + 1))
}
