import { cutTo, storedParameters, withParameters } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { describeNetwork } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'

/** A layer with parameters, first to last. */
export interface TransferLayer {
  readonly name: string
  readonly parameters: readonly string[]
  /** The value it ends with, activation and pooling included: all that follows depends on it alone. */
  readonly output: string
}

/** The form of a network, apart from its numbers. */
export interface LayeredNetwork {
  /** In the form that can be cut; its numbers are one example. */
  readonly model: Model
  readonly input: { readonly name: string; readonly dims: readonly number[] }
  readonly logits: string
  readonly layers: readonly TransferLayer[]
}

/** Finds the layers of a network with one output, `N × classes`; throws `InvalidInputError` for another one. */
export async function layersOf(runtime: Runtime, given: Model): Promise<LayeredNetwork> {
  const { model, input, blocks, head, outputs } = await describeNetwork(runtime, given)
  const [logits, ...others] = outputs
  if (logits === undefined || others.length > 0 || logits.dims.length !== 1) {
    throw new InvalidInputError(`the network needs one output, of scores for each class, got ${outputs.length} outputs`)
  }
  const layers = [...blocks, ...head].map(({ name, parameters, output }) => ({ name, parameters, output }))
  return { model, input: { name: input.name, dims: input.dims }, logits: logits.name, layers }
}

/** The network with a fresh model's numbers, which must have the same form. */
export const withNumbersOf = (network: LayeredNetwork, fresh: Model): Model =>
  withParameters(network.model, Object.fromEntries(pick(fresh, network.model.graph.initializers.keys())))

/**
 * `to` with the first `count` layers of `from`, statistics of normalisations included: everything stored that the layers
 * read. `to` may have other classes than `from`.
 */
export function copyLayers({ layers }: LayeredNetwork, count: number, from: Model, to: Model): Model {
  const { output } = layers[count - 1]!
  const read = cutTo(to, [{ name: output }]).graph.initializers.keys()
  return withParameters(to, Object.fromEntries(pick(from, read)))
}

function pick(model: Model, names: Iterable<string>) {
  const stored = new Map([...model.graph.initializers, ...storedParameters(model.graph)])
  return [...names].flatMap((name) => {
    const value = stored.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
}
