import { lowered } from '../../../autodiff/index.ts'
import { builderOn, type GraphBuilder, graphBuilder, type Model, upgradeModel } from '../../../onnx/index.ts'

/**
 * What a loss is made of as a graph of its own, to be run between steps: in their operator set, without marks of
 * gradients.
 */
export function lossModel(name: string, build: (graph: GraphBuilder) => void): Model {
  const graph = builderOn(upgradeModel(graphBuilder(name).model()))
  build(graph)
  const model = graph.model()
  return { ...model, graph: { ...model.graph, nodes: model.graph.nodes.map(lowered) } }
}
