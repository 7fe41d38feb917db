import { cutTo } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { builderOn, int, type Model } from '../onnx/index.ts'
import { channelAxis } from './channel-axis.ts'
import type { Network } from './describe-network.ts'
import { withOwnValues } from './own-values.ts'
import { pooled } from './pooled.ts'

/** The output of `pooledValues`. */
export const POOLED = 'pooled'

/** A network that gives several of its values at once, each as one row of numbers per row of the input. */
export interface PooledValues {
  /** One output `pooled`, `N × (sum of widths)`: the values side by side, in the order in which they were asked for. */
  readonly model: Model
  /** The columns of each value. */
  readonly widths: readonly number[]
}

/**
 * Cuts a network to some of its values, those with places (height and width, steps, tokens) averaged over these. So one
 * pass over the data gives the features at every place to cut. Throws `InvalidInputError` for a value whose row's sizes
 * the network does not tell, or that is not float32.
 */
export function pooledValues(network: Network, values: readonly string[]): PooledValues {
  const { model, input } = network
  const infos = [...model.graph.values, ...model.graph.outputs]
  const found = values.map((name) => {
    const info = infos.find((each) => each.name === name)
    const sizes = info?.dims?.slice(1).filter((size) => typeof size === 'number')
    if (info?.type === 'float32' && info.dims?.[0] === 'N' && sizes?.length === info.dims.length - 1) {
      return { info, sizes }
    }
    throw new InvalidInputError(`"${name}" is not a float32 value with one row for each row of the input`)
  })
  const cut = withOwnValues(
    cutTo(
      model,
      found.map(({ info }) => info),
    ),
  )
  const graph = builderOn({ ...cut, graph: { ...cut.graph, outputs: [] } })
  const widths: number[] = []
  const rows = cut.graph.outputs.map(({ name }, i) => {
    const { sizes } = found[i]!
    const axis = channelAxis(cut.graph, input.name, name, sizes.length + 1)
    widths.push(sizes[axis - 1] ?? 1)
    return pooled(graph, name, sizes.length + 1, axis)
  })
  const total = widths.reduce((sum, width) => sum + width, 0)
  graph.output(POOLED, graph.node('Concat', rows, { axis: int(1) }), 'float32', ['N', total])
  return { model: graph.model(), widths }
}
