import type { Graph, Model, Node } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { lowered } from './markers.ts'
import type { TypedValue } from './typed-value.ts'

/** What one run of a graph showed. */
export interface Trace {
  /** Type and shape of every value: inputs, initialisers and what nodes gave. */
  readonly values: ReadonlyMap<string, TypedValue>
  /** The numbers of values that are the same in every run with inputs of these shapes. */
  readonly known: ReadonlyMap<string, Tensor>
}

/** What a node gives depends on the shapes of its inputs alone. */
const BY_SHAPE = new Set(['Shape', 'Size'])

/** Operators that give something else in every run. */
const RANDOM = new Set([
  'RandomNormal',
  'RandomUniform',
  'RandomNormalLike',
  'RandomUniformLike',
  'Multinomial',
  'Bernoulli',
])

/**
 * Runs a graph once on `inputs` and notes the type and shape of every value in it, which no description of ONNX's
 * operators could tell for all of them. Values that depend on no input and on none of `variable` (names of
 * initialisers) are kept with their numbers: constants, and the arithmetic with shapes that exporters write.
 */
export async function trace(
  runtime: Runtime,
  model: Model,
  inputs: Tensors,
  variable: ReadonlySet<string>,
): Promise<Trace> {
  const { graph } = model
  const fixed = fixedValues(graph, variable)
  const names = graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== ''))
  const outputs = [...new Set(names)].map((name) => ({ name }))
  const everything: Model = { ...model, graph: { ...graph, nodes: graph.nodes.map(lowered), outputs } }
  const given = outputs.length === 0 ? {} : await runtime.run(everything, inputs, { optimise: false })
  const values = new Map<string, TypedValue>()
  const known = new Map<string, Tensor>()
  const note = (name: string, tensor: Tensor): void => {
    values.set(name, { name, type: tensor.type, dims: tensor.dims })
    if (fixed.has(name)) known.set(name, tensor)
  }
  for (const [name, tensor] of graph.initializers) note(name, tensor)
  for (const [name, tensor] of Object.entries(inputs)) note(name, tensor)
  for (const [name, tensor] of Object.entries(given)) note(name, tensor)
  return { values, known }
}

/** The names of values that no run changes. */
function fixedValues(graph: Graph, variable: ReadonlySet<string>): ReadonlySet<string> {
  const inputs = new Set(graph.inputs.map(({ name }) => name))
  const fixed = new Set([...graph.initializers.keys()].filter((name) => !variable.has(name) && !inputs.has(name)))
  for (const node of graph.nodes) {
    if (isFixed(node, fixed)) for (const name of node.outputs) fixed.add(name)
  }
  return fixed
}

function isFixed(node: Node, fixed: ReadonlySet<string>): boolean {
  if (RANDOM.has(node.op) || Object.values(node.attributes).some((attribute) => attribute.type === 'graph'))
    return false
  return BY_SHAPE.has(node.op) || node.inputs.every((name) => name === '' || fixed.has(name))
}
