import { EMBEDDING } from '../../../networks/index.ts'
import { builderOn, graphBuilder, int, type Model, type Node } from '../../../onnx/index.ts'
import type { Random, Tensor } from '../../../tensor/index.ts'
import type { DeepNetwork, HiddenLayer, ParameterKind } from '../network/deep-network.ts'
import { freshDense } from '../network/fresh-dense.ts'

export interface AdaptationLayer {
  /** The hidden layer that it stands on, counted from 0. */
  readonly on: number
  /** Its units, rectified. */
  readonly width: number
  readonly random: Random
}

/**
 * The network with one more hidden layer, which stands on layer `on` and becomes layer `on + 1`. What read that one,
 * the next dense layer or the classifier, reads the new one, with weights that are drawn anew.
 */
export function withAdaptationLayer(network: DeepNetwork, { on, width, random }: AdaptationLayer): DeepNetwork {
  const { value, width: inputs } = network.layers[on]!
  const { graph } = network.model
  const builder = builderOn(network.model)
  const parts = freshDense(builder, 'adaptation', [width, inputs], random)
  const linear = builder.node('Gemm', [value, ...parts], { transB: int(1) })
  const layer: HiddenLayer = { value: builder.node('Relu', [linear]), width }
  const opened = builder.model().graph
  const own = opened.nodes.slice(graph.nodes.length)
  const initializers = new Map(opened.initializers)
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (node.outputs.includes(value)) return [node, ...own]
    if (node.inputs[0] !== value) return [node]
    if (node.op === 'Gemm') redraw(initializers, node, width, random)
    return [{ ...node, inputs: [layer.value, ...node.inputs.slice(1)] }]
  })
  const outputs = graph.outputs.map((output) =>
    output.name === EMBEDDING && on === network.layers.length - 1 ? { ...output, dims: ['N', width] } : output,
  )
  const model: Model = { ...network.model, graph: { ...graph, nodes, outputs, initializers, values: [] } }
  return {
    ...network,
    model,
    layers: network.layers.toSpliced(on + 1, 0, layer),
    parameters: new Map([...network.parameters, ...parts.map((part): [string, ParameterKind] => [part, 'body'])]),
  }
}

/** Gives a dense layer as many inputs as the new layer has units. */
function redraw(initializers: Map<string, Tensor>, { inputs }: Node, width: number, random: Random): void {
  const [, weight, bias] = inputs as [string, string, string]
  const units = initializers.get(weight)!.dims[0]!
  const builder = graphBuilder()
  const drawn = freshDense(builder, weight, [units, width], random)
  const found = builder.model().graph.initializers
  initializers.set(weight, found.get(drawn[0])!)
  initializers.set(bias, found.get(drawn[1])!)
}
