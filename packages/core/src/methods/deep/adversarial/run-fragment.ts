import { lowered } from '../../../autodiff/index.ts'
import { builderOn, type GraphBuilder, graphBuilder, upgradeModel, type Value } from '../../../onnx/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import type { Matrix, Tensor } from '../../../tensor/index.ts'

const RESULT = 'result'

/**
 * A piece of a graph that is computed outside of a step: made once from its inputs' columns, then run on matrices, which it
 * gets in single precision.
 */
export function runnable(
  runtime: Runtime,
  columns: Readonly<Record<string, number>>,
  build: (graph: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Value,
): (inputs: Readonly<Record<string, Matrix>>) => Promise<Tensor> {
  const graph = builderOn(upgradeModel(graphBuilder('fragment').model()))
  const names = Object.entries(columns).map(([name, width]) => [name, graph.input(name, 'float32', ['N', width])])
  graph.output(RESULT, build(graph, Object.fromEntries(names)), 'float32', [])
  const made = graph.model()
  const model = {
    ...made,
    graph: {
      ...made.graph,
      nodes: made.graph.nodes.map(lowered),
      outputs: [{ name: RESULT, type: 'float32' as const }],
    },
  }
  return async (inputs) => {
    const tensors = Object.entries(inputs).map(([name, { rows, columns: width, data }]): [string, Tensor] => [
      name,
      { type: 'float32', dims: [rows, width], data: Float32Array.from(data) },
    ])
    return (await runtime.run(model, Object.fromEntries(tensors)))[RESULT]!
  }
}
