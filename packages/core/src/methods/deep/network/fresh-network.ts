import { exposeParameters } from '../../../autodiff/index.ts'
import { InvalidInputError } from '../../../errors.ts'
import { EMBEDDING, LOGITS, lenet, mlp } from '../../../networks/index.ts'
import { builderOn, type Model, type Node, upgradeModel } from '../../../onnx/index.ts'
import type { Random } from '../../../tensor/index.ts'
import type { DeepNetwork, HiddenLayer, ParameterKind } from './deep-network.ts'

export interface FreshNetworkOptions {
  /** Columns of a row. */
  readonly features: number
  /** Columns of the logits. */
  readonly outputs: number
  readonly random: Random
  readonly normalised: boolean
}

/** A perceptron with hidden layers of so many units. */
export const freshMlp = (
  { features, outputs, random, normalised }: FreshNetworkOptions,
  hidden: readonly number[],
): DeepNetwork =>
  described(mlp({ inputs: features, hidden, classes: outputs, random, normalised }), [features], outputs)

/**
 * LeNet-5 on rows that are square images, grey or with three colours, the channels one after the other. Throws
 * `InvalidInputError` for rows that are no such image.
 */
export function freshLenet({ features, outputs, random, normalised }: FreshNetworkOptions): DeepNetwork {
  const channels = [1, 3].find((count) => Number.isInteger(Math.sqrt(features / count)))
  if (channels === undefined) {
    throw new InvalidInputError(
      `lenet works on square images, as 784 or 3 × 784 columns; these rows have ${features}: take mlp`,
    )
  }
  const size = Math.sqrt(features / channels)
  const model = lenet({ channels, size, classes: outputs, random, normalised })
  return described(model, [channels, size, size], outputs)
}

/** Finds the hidden dense layers and the head by the names that `freshLayers` gives. */
function described(plain: Model, dims: readonly number[], outputs: number): DeepNetwork {
  const model = upgradeModel(exposeParameters(plain))
  const dense = [...model.graph.initializers.keys()].filter((name) => /^fc\d+\.weight$/.test(name))
  const last = dense.at(-1)!
  const layers = dense.slice(0, -1).map(
    (weight): HiddenLayer => ({
      value: positiveAfter(model.graph.nodes, weight),
      width: model.graph.initializers.get(weight)!.dims[0]!,
    }),
  )
  const embedding = layers.at(-1)!
  const graph = builderOn(model)
  graph.output(EMBEDDING, embedding.value, 'float32', ['N', embedding.width])
  const head = { weight: last, bias: last.replace('weight', 'bias') }
  const kind = (name: string): ParameterKind => (name === head.weight || name === head.bias ? 'head' : 'body')
  const parameters = [...model.graph.initializers].flatMap(([name, { type }]): [string, ParameterKind][] =>
    type === 'float32' && !/\.norm\.(mean|variance)$/.test(name) ? [[name, kind(name)]] : [],
  )
  const finished = graph.model()
  if (!finished.graph.outputs.some(({ name }) => name === LOGITS)) throw new Error('no logits')
  return {
    model: finished,
    input: model.graph.inputs[0]!.name,
    dims,
    layers,
    outputs,
    parameters: new Map(parameters),
    head,
    fresh: true,
  }
}

/** The rectified units that stand on a dense layer, normalised or not. */
function positiveAfter(nodes: readonly Node[], weight: string): string {
  let value = nodes.find(({ inputs }) => inputs[1] === weight)!.outputs[0]!
  for (;;) {
    const node = nodes.find(({ inputs }) => inputs[0] === value)!
    value = node.outputs[0]!
    if (node.op === 'Relu') return value
  }
}
