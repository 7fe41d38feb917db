import { describeNetwork, type Model, type Network, pooledValues, type Runtime } from 'graft-learn'
import { type SourceOutput, sourceOutput } from './source-output.ts'

/** One value of a network that may serve as features. */
export interface Place {
  readonly features: string
  readonly block: string
  readonly dims: readonly number[]
  /** Its columns in the rows of `PlacesOf`: from the first to before the last. */
  readonly columns: readonly [from: number, to: number]
}

/** A network cut to everything that is scored of it. */
export interface PlacesOf {
  readonly network: Network
  /** One output, `N × width`: all places side by side, then the source classes where there are any. */
  readonly base: Model
  readonly width: number
  readonly places: readonly Place[]
  readonly source: (SourceOutput & { readonly columns: readonly [from: number, to: number] }) | string
}

/** Describes a network and chooses the places: every place to cut, or the suggested features alone. */
export async function placesOf(
  runtime: Runtime,
  model: Model,
  dims: readonly number[] | undefined,
  layers: boolean,
): Promise<PlacesOf> {
  const network = await describeNetwork(runtime, model, { dims })
  const known = network.blocks.filter(({ output, dims }) => output !== network.features && dims.length > 0)
  const suggested = {
    output: network.features,
    name: network.blocks.at(-1)?.name ?? network.features,
    dims: network.dims,
  }
  const chosen = [...(layers ? known : []), suggested]
  const source = sourceOutput(network)
  const values = [...chosen.map(({ output }) => output), ...(typeof source === 'string' ? [] : [source.name])]
  const { model: base, widths } = pooledValues(network, values)
  const ends = widths.map((_, i) => widths.slice(0, i + 1).reduce((sum, width) => sum + width, 0))
  const columns = (i: number) => [ends[i]! - widths[i]!, ends[i]!] as const
  return {
    network,
    base,
    width: ends.at(-1)!,
    places: chosen.map(({ output, name, dims }, i) => ({ features: output, block: name, dims, columns: columns(i) })),
    source: typeof source === 'string' ? source : { ...source, columns: columns(chosen.length) },
  }
}
