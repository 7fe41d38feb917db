import type { Model } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { backpropagate } from './backpropagate.ts'
import { cutTo } from './cut-to.ts'
import { lowered } from './markers.ts'
import { opsOf } from './ops.ts'
import { specialise } from './specialise.ts'
import { graphWriter } from './writer.ts'

export interface Differentiation {
  /** The name of the value to differentiate: one number, anywhere in the graph. */
  readonly loss: string
  /** Names of initialisers or inputs to differentiate by. */
  readonly parameters: readonly string[]
  /** A tensor for each input: its type and shape are what the result is made for, its numbers do not matter. */
  readonly inputs: Tensors
}

/** The name under which `differentiate` gives the gradient by a parameter. */
export const gradientName = (parameter: string): string => `grad/${parameter}`

/**
 * The graph of a loss and its gradients, by reverse-mode differentiation: a model with the outputs `loss` (under its
 * own name) and `grad/NAME` for each parameter NAME, in plain ONNX operators. It takes those inputs that these depend
 * on, in the shapes given. Throws `UnsupportedOperatorError` where an operator between the parameters and the loss has
 * no rule, before anything is computed.
 */
export async function differentiate(
  runtime: Runtime,
  model: Model,
  { loss, parameters, inputs }: Differentiation,
): Promise<Model> {
  const graph = await specialise(runtime, model, inputs, new Set(parameters))
  const forward = graph.model.graph
  const writer = graphWriter([...namesOf(graph.model), ...parameters.map(gradientName)])
  const ops = opsOf(writer)
  const gradients = backpropagate(graph, ops, loss, parameters)
  for (const parameter of parameters) {
    const value = graph.valueOf(parameter)
    const gradient = gradients.get(parameter) ?? ops.expand(ops.scalar(0, value), value.dims)
    const output = gradientName(parameter)
    writer.append({
      op: 'Identity',
      domain: '',
      name: output,
      inputs: [gradient.name],
      outputs: [output],
      attributes: {},
    })
  }
  const wanted = [
    graph.valueOf(loss),
    ...parameters.map((name) => ({ ...graph.valueOf(name), name: gradientName(name) })),
  ]
  const nodes = [...forward.nodes.map(lowered), ...writer.nodes]
  const initializers = new Map([...forward.initializers, ...writer.initializers])
  return cutTo({ ...graph.model, graph: { ...forward, nodes, initializers } }, wanted)
}

/** A loss and its gradients at `inputs`, computed once; `differentiate` gives a graph for many times. */
export async function gradients(
  runtime: Runtime,
  model: Model,
  request: Differentiation,
): Promise<{ loss: number; gradients: ReadonlyMap<string, Tensor> }> {
  const differentiated = await differentiate(runtime, model, request)
  const needed = differentiated.graph.inputs.map(({ name }) => [name, request.inputs[name]!])
  const results = await runtime.run(differentiated, Object.fromEntries(needed))
  return {
    loss: Number(results[request.loss]!.data[0]),
    gradients: new Map(request.parameters.map((name) => [name, results[gradientName(name)]!])),
  }
}

/** Every name in a graph. */
export const namesOf = (model: Model): Set<string> =>
  new Set([
    ...model.graph.inputs.map(({ name }) => name),
    ...model.graph.initializers.keys(),
    ...model.graph.nodes.flatMap((node) => [...node.inputs, ...node.outputs]),
  ])
