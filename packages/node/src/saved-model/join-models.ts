import { type Model, renameValues, type Tensor, upgradeModel, type ValueInfo, valuesIn } from 'graft-learn'

/** The operator set of pipelines, to which older networks are brought; newer ones have the pipeline brought towards theirs. */
const PIPELINE_OPSET = 17
const NEWEST_FORM = 18

/**
 * One model out of two: the first one's input, through its only output into the second one's only input, to the second one's
 * outputs. Names inside the first begin with `backbone/`; the metadata are the second one's and those given.
 */
export function joinModels(first: Model, second: Model, metadata: Readonly<Record<string, string>> = {}): Model {
  const front = upgradeModel(first, PIPELINE_OPSET)
  const back = (front.opsets[''] ?? 0) > PIPELINE_OPSET ? upgradeModel(second, NEWEST_FORM) : second
  const seam = front.graph.outputs[0]!.name
  const input = front.graph.inputs.find(({ name }) => !front.graph.initializers.has(name))!
  const taken = new Set(valuesIn(back.graph))
  const inputName = taken.has(input.name) ? 'images' : input.name
  const inFront = (name: string): string => (name === input.name ? inputName : `backbone/${name}`)
  const entry = back.graph.inputs[0]!.name
  const inBack = (name: string): string => (name === entry ? inFront(seam) : name)
  const named = ({ graph }: Model, nameOf: (name: string) => string) => ({
    nodes: graph.nodes.map((node) => renameValues({ ...node, name: node.name && nameOf(node.name) }, nameOf)),
    initializers: [...graph.initializers].map(([name, tensor]): [string, Tensor] => [nameOf(name), tensor]),
  })
  const [a, b] = [named(front, inFront), named(back, inBack)]
  const inputInfo: ValueInfo = { ...input, name: inputName }
  return {
    irVersion: Math.max(front.irVersion, back.irVersion),
    opsets: { ...back.opsets, ...front.opsets, '': Math.max(front.opsets[''] ?? 0, back.opsets[''] ?? 0) },
    producer: back.producer,
    metadata: { ...back.metadata, ...metadata },
    graph: {
      name: back.graph.name,
      nodes: [...a.nodes, ...b.nodes],
      inputs: [inputInfo],
      outputs: back.graph.outputs,
      initializers: new Map([...a.initializers, ...b.initializers]),
      values: [],
    },
  }
}
