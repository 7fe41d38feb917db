import { cutTo } from '../autodiff/index.ts'
import { type GraphBuilder, int, type Model, type Stage, type Value, writeModel } from '../onnx/index.ts'
import { fingerprint } from '../runtime/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'

/**
 * A network as a step of a pipeline: rows of float64 numbers (`N × d`) are brought to the shape of its only input (`N ×
 * dims`, float32), and its output of that name (`N × k`, float32) back to float64. Networks that differ in their weights
 * alone share one graph.
 */
export function networkStage(model: Model, output: string, dims: readonly number[]): Stage {
  const { graph, opsets } = cutTo(model, [{ name: output }])
  const weights = [...graph.initializers].filter(([, { type }]) => type === 'float32')
  const parameters = Object.fromEntries(weights)
  const rest = [...graph.initializers].filter(([name]) => !Object.hasOwn(parameters, name))
  const input = graph.inputs.find(({ name }) => !graph.initializers.has(name))!.name
  const bare: Model = { ...model, metadata: {}, graph: { ...graph, values: [], initializers: new Map(rest) } }
  return {
    kind: `network ${fingerprint(writeModel(bare))}`,
    parameters,
    opset: opsets['']!,
    build(builder, rows, given) {
      const shape = builder.constant(integerTensor([-1, ...dims]))
      const narrow = builder.node('Cast', [rows], { to: int(1) })
      const names = new Map<string, Value>([
        [input, builder.node('Reshape', [narrow, shape])],
        ...Object.entries(given),
      ])
      for (const [name, tensor] of rest) names.set(name, builder.constant(tensor as Tensor))
      for (const node of graph.nodes) append(builder, node, names)
      return builder.node('Cast', [names.get(output)!], { to: int(11) })
    },
  }
}

/** Appends a node under names of its own. */
function append(builder: GraphBuilder, node: Model['graph']['nodes'][number], names: Map<string, Value>): void {
  const inputs = node.inputs.map((name) => (name === '' ? '' : names.get(name)!))
  const outputs = builder.nodes(node.op, node.outputs.length, inputs, node.attributes, node.domain)
  for (const [i, name] of node.outputs.entries()) if (name !== '') names.set(name, outputs[i]!)
}
