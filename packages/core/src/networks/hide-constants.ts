import { storedParameters } from '../autodiff/index.ts'
import { type Model, type Node, uniqueNames } from '../onnx/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'

/**
 * The model with those of its stored tensors that could be taken for weights, but are not among `own`, stored so that they
 * are not: what was computed from constants and shapes before is no more to be learnt for being a tensor now. Such a tensor
 * is kept with an infinity behind its numbers, as masks have one, which a Slice cuts off again; ONNX Runtime does that
 * once, when it loads the model.
 */
export function hideConstants(model: Model, own: { has(name: string): boolean }): Model {
  const { graph } = model
  const fresh = uniqueNames(graph)
  const initializers = new Map(graph.initializers)
  const nodes: Node[] = []
  const write = (op: string, inputs: readonly string[], output: string): void =>
    void nodes.push({ op, domain: '', name: output, inputs, outputs: [output], attributes: {} })
  const store = (hint: string, value: Tensor): string => {
    const name = fresh(hint)
    initializers.set(name, value)
    return name
  }
  for (const [name, value] of storedParameters(graph)) {
    if (own.has(name) || !graph.initializers.has(name)) continue
    initializers.delete(name)
    const size = value.data.length
    const ends = [0, size].map((end) => store(`${name}/end`, integerTensor([end])))
    const flat = fresh(`${name}/flat`)
    write('Slice', [store(`${name}/hidden`, withInfinity(value)), ...ends], flat)
    write('Reshape', [flat, store(`${name}/dims`, integerTensor(value.dims))], name)
  }
  return nodes.length === 0 ? model : { ...model, graph: { ...graph, nodes: [...nodes, ...graph.nodes], initializers } }
}

function withInfinity({ type, data }: Tensor): Tensor {
  const numbers = data as Float32Array | Float64Array
  const length = numbers.length + 1
  const longer = type === 'float64' ? new Float64Array(length) : new Float32Array(length)
  longer.set(numbers)
  longer[length - 1] = Number.POSITIVE_INFINITY
  return { type, dims: [length], data: longer } as Tensor
}
