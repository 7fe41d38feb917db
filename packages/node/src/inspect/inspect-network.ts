import { type Block, describeNetwork, type Model, type Network, nodeRuntime } from 'graft-learn'

/** What can be told of a model as a network; null with the reason where nothing can. */
export interface NetworkInspection {
  readonly network: NetworkSummary | null
  /** Why there is no network. */
  readonly networkFault?: string
}

export interface NetworkSummary {
  readonly input: Network['input']
  /** Up to the features, first to last: what `--reuse` counts. */
  readonly layers: readonly Block[]
  /** The value that a new head stands on, and the sizes of one row of it. */
  readonly features: string
  readonly dims: readonly number[]
  /** The layers beyond the features, which a new head replaces. */
  readonly head: readonly Block[]
  /** Numbers in the parameters of the layers up to the features and of all, each counted once. */
  readonly featureParameters: number
  readonly parameterCount: number
}

/** Finds the places where a model can be cut; `dims` are the sizes of one row of its input where its file leaves them open. */
export async function inspectNetwork(model: Model, dims?: readonly number[]): Promise<NetworkInspection> {
  const runtime = await nodeRuntime()
  try {
    const { input, blocks, features, dims: row, head, model: open } = await describeNetwork(runtime, model, { dims })
    const single = [...blocks, ...head].some((block) =>
      block.parameters.some((name) => open.graph.initializers.get(name)!.type === 'float32'),
    )
    if (!single) return { network: null, networkFault: 'it has no float32 parameters: networks that can be cut have' }
    const count = (counted: readonly Block[]): number => {
      const names = new Set(counted.flatMap(({ parameters }) => parameters))
      return [...names].reduce((sum, name) => sum + open.graph.initializers.get(name)!.data.length, 0)
    }
    const counts = { featureParameters: count(blocks), parameterCount: count([...blocks, ...head]) }
    return { network: { input, layers: blocks, features, dims: row, head, ...counts } }
  } catch (error) {
    return { network: null, networkFault: error instanceof Error ? error.message : String(error) }
  } finally {
    await runtime.release()
  }
}
