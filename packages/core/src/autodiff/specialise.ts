import { InvalidInputError, UnsupportedOperatorError } from '../errors.ts'
import { type Graph, type Model, upgradeModel } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { readBy } from './between.ts'
import { inlineBranches } from './inline-branches.ts'
import { NOT_DIFFERENTIABLE, nodesWithoutRule } from './reach.ts'
import { nameSequences } from './recurrent/name-sequences.ts'
import { sliceSequences } from './slice-sequences.ts'
import { type Trace, trace } from './trace.ts'
import type { TypedValue } from './typed-value.ts'

/** A model for inputs of fixed shapes: every shape known, arithmetic with shapes done. */
export interface Specialised {
  /** At opset 18 or above; what no run changes is an initialiser. */
  readonly model: Model
  /** Type and shape of a value; throws `InvalidInputError` for a name that the graph does not have. */
  valueOf(name: string): TypedValue
  /** The numbers of a value that no run changes. */
  known(name: string): Tensor | undefined
}

/**
 * Fixes a model to the shapes of `inputs`. `variable` names the initialisers that will change from run to run: what
 * is computed from them is not folded.
 */
export async function specialise(
  runtime: Runtime,
  model: Model,
  inputs: Tensors,
  variable: ReadonlySet<string>,
): Promise<Specialised> {
  const { model: plain, values, known } = await traced(runtime, upgradeModel(model), inputs, variable)
  return {
    model: { ...plain, graph: folded(plain.graph, known, inputs) },
    valueOf(name) {
      const found = values.get(name)
      if (found === undefined) {
        throw new InvalidInputError(
          `the graph "${model.graph.name}" has no value "${name}": choose an input, an initialiser or what a node gives`,
        )
      }
      return found
    },
    known: (name) => known.get(name),
  }
}

/** A model without branches whose conditions are known, and its trace, which tells them. */
async function traced(
  runtime: Runtime,
  model: Model,
  inputs: Tensors,
  variable: ReadonlySet<string>,
): Promise<Trace & { readonly model: Model }> {
  const named: Model = { ...model, graph: sliceSequences(nameSequences(model.graph)) }
  const found = await trace(runtime, named, inputs, variable).catch((error) =>
    Promise.reject(explained(error, named, variable)),
  )
  const graph = inlineBranches(named.graph, (name) => found.known.get(name))
  return graph === named.graph
    ? { ...found, model: named }
    : await traced(runtime, { ...named, graph }, inputs, variable)
}

/** Why a graph could not be run: operators that ONNX Runtime does not know, or whose values it does not give back. */
function explained(error: unknown, model: Model, variable: ReadonlySet<string>): unknown {
  const without = nodesWithoutRule(model, variable)
  return without.length === 0 ? error : new UnsupportedOperatorError(without, NOT_DIFFERENTIABLE)
}

/** The graph without the nodes whose outputs are known, which become initialisers where something reads them. */
function folded(graph: Graph, known: ReadonlyMap<string, Tensor>, inputs: Tensors): Graph {
  const nodes = graph.nodes.filter((node) => !node.outputs.every((name) => name === '' || known.has(name)))
  const read = new Set([...nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)])
  const initializers = new Map(graph.initializers)
  for (const [name, tensor] of known) if (read.has(name)) initializers.set(name, tensor)
  const declared = graph.inputs
    .filter(({ name }) => inputs[name] !== undefined)
    .map((input) => ({ ...input, type: inputs[input.name]!.type, dims: inputs[input.name]!.dims }))
  return { ...graph, nodes, initializers, inputs: declared, values: [] }
}
