import { builderOn, graphBuilder, int, type Model, type Network, splitNetwork } from 'graft-learn'

/** A network that gives its input (`N × dims`) as rows, `N × d`. */
export function flattening(dims: readonly number[]): Model {
  const graph = graphBuilder('rows')
  const x = graph.input('images', 'float32', ['N', ...dims])
  graph.output('rows', graph.node('Flatten', [x], { axis: int(1) }), 'float32', ['N', product(dims)])
  return graph.model()
}

/**
 * A network cut in two: `base` gives the value at the cut as rows, `rest` takes it in its own shape (`dims`) to the
 * features. Without a cut all of it is the rest.
 */
export function flattenedBase(
  network: Network,
  cut: string | undefined,
): { readonly base: Model; readonly rest: Model; readonly dims: readonly number[] } {
  if (cut === undefined) {
    const { dims } = network.input
    return { base: flattening(dims), rest: network.model, dims }
  }
  const { base, rest } = splitNetwork(network.model, cut)
  const { dims } = network.rows.get(cut)!
  const [output] = base.graph.outputs
  const graph = builderOn({ ...base, graph: { ...base.graph, outputs: [] } })
  graph.output('rows', graph.node('Flatten', [output!.name], { axis: int(1) }), 'float32', ['N', product(dims)])
  return { base: graph.model(), rest, dims }
}

const product = (dims: readonly number[]): number => dims.reduce((all, size) => all * size, 1)
