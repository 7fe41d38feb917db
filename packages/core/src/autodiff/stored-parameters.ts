import { InvalidInputError } from '../errors.ts'
import { constantOf, type Graph, type Model, type Node } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { sameDims } from './typed-value.ts'

/**
 * The tensors that a model could learn, by the names of their values: initialisers; what exporters wrote as `Constant`
 * nodes, unless all its numbers are the same (those fill something in, and were not learnt); and what they wrote as the
 * `Identity` of an initialiser that other nodes read as well, which is how PyTorch's exporter stores two weights with
 * equal numbers once. All are float32 or float64, have at least one dimension and no number of 10⁹ or beyond:
 * scalars belong to a formula, infinities and what stands for them to a mask.
 */
export function storedParameters(graph: Graph): ReadonlyMap<string, Tensor> {
  const stored = new Map([...graph.initializers].filter(([, tensor]) => isLearnable(tensor)))
  const results = new Set(graph.outputs.map(({ name }) => name))
  const direct = new Set(graph.nodes.flatMap((node) => (isIdentity(node) ? [] : node.inputs)))
  for (const node of graph.nodes) {
    const [name = ''] = node.outputs
    if (results.has(name)) continue
    const constant = constantOf(node)
    if (constant !== undefined && isLearnable(constant) && !isFill(constant)) stored.set(name, constant)
    const [source = ''] = node.inputs
    const copied = isIdentity(node) && direct.has(source) ? graph.initializers.get(source) : undefined
    if (copied !== undefined && isLearnable(copied)) stored.set(name, copied)
  }
  return stored
}

const isIdentity = (node: Node): boolean => node.op === 'Identity' && node.domain === ''

const BEYOND_WEIGHTS = 1e9

const isLearnable = ({ type, dims, data }: Tensor): boolean =>
  (type === 'float32' || type === 'float64') &&
  dims.length > 0 &&
  data.length > 0 &&
  (data as Float32Array).every((value) => Math.abs(value) < BEYOND_WEIGHTS)

const isFill = ({ data }: Tensor): boolean => (data as Float32Array).every((value) => value === data[0])

/**
 * The same model with everything it could learn as an initialiser of its own name (see `parametersOf`), which no caller
 * replaces: what differentiation and training start from.
 */
export function exposeParameters(model: Model): Model {
  const { graph } = model
  const stored = storedParameters(graph)
  const initializers = new Map([...graph.initializers, ...stored])
  return {
    ...model,
    graph: {
      ...graph,
      nodes: graph.nodes.filter(({ outputs }) => !stored.has(outputs[0] ?? '')),
      inputs: graph.inputs.filter(({ name }) => !initializers.has(name)),
      initializers,
    },
  }
}

/**
 * The model with other numbers for some of its stored tensors, batch-normalisation statistics among them, by name;
 * everything else stays as it was. Throws `InvalidInputError` for a name that it does not store, and for another type or
 * shape.
 */
export function withParameters(model: Model, values: Readonly<Record<string, Tensor>>): Model {
  const { graph } = model
  const stored = new Map([...graph.initializers, ...storedParameters(graph)])
  for (const [name, value] of Object.entries(values)) check(name, stored.get(name), value)
  const initializers = new Map(graph.initializers)
  const nodes = graph.nodes.flatMap((node) => {
    const value = values[node.outputs[0] ?? '']
    if (value === undefined) return [node]
    if (!isIdentity(node)) return [{ ...node, attributes: { value: { type: 'tensor' as const, value } } }]
    initializers.set(node.outputs[0]!, value)
    return []
  })
  for (const [name, value] of Object.entries(values)) if (initializers.has(name)) initializers.set(name, value)
  return { ...model, graph: { ...graph, nodes, initializers } }
}

function check(name: string, before: Tensor | undefined, after: Tensor): void {
  if (before === undefined) {
    throw new InvalidInputError(`the model stores no tensor "${name}": parametersOf(model) lists what it could learn`)
  }
  if (before.type === after.type && sameDims(before.dims, after.dims)) return
  const [expected, got] = [before, after].map(({ type, dims }) => `${type} [${dims.join(', ')}]`)
  throw new InvalidInputError(`the parameter "${name}" is ${expected}, got ${got}: give the same type and shape`)
}
