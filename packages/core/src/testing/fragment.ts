import { gradients, lowered } from '../autodiff/index.ts'
import { interpret } from '../interpreter/index.ts'
import { builderOn, type GraphBuilder, graphBuilder, upgradeModel, type Value } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Example } from './against-runtime.ts'

/** What a piece of a graph gives, as the numbers of each value, in float64. */
export type FragmentValues = Readonly<Record<string, Float64Array>>

/**
 * A model of one piece of a graph, its inputs those named in `inputs`, its outputs those that `build` gives by name, in
 * the operator set that training has.
 */
export function fragment(inputs: Tensors, build: (graph: GraphBuilder) => Readonly<Record<string, Value>>): Example {
  const graph = builderOn(upgradeModel(graphBuilder('fragment').model()))
  for (const [name, { type, dims }] of Object.entries(inputs)) graph.input(name, type, dims)
  for (const [name, value] of Object.entries(build(graph))) graph.output(name, value, 'float32', [])
  const model = graph.model()
  const outputs = model.graph.outputs.map(({ name }) => ({ name, type: 'float32' as const }))
  return { model: { ...model, graph: { ...model.graph, outputs } }, inputs }
}

/** Its outputs by the interpreter, in float64. */
export function exactly({ model, inputs }: Example): FragmentValues {
  const { graph } = model
  const { values } = interpret({ ...model, graph: { ...graph, nodes: graph.nodes.map(lowered) } }, inputs)
  return Object.fromEntries(graph.outputs.map(({ name }) => [name, Float64Array.from(values.get(name)!.data)]))
}

/** Its outputs by ONNX Runtime. */
export async function ran(runtime: Runtime, { model, inputs }: Example): Promise<FragmentValues> {
  const { graph } = model
  const results = await runtime.run({ ...model, graph: { ...graph, nodes: graph.nodes.map(lowered) } }, inputs)
  return Object.fromEntries(
    graph.outputs.map(({ name }) => [name, Float64Array.from(results[name]!.data as Float32Array)]),
  )
}

/** The gradients of its output `name`, one number, by some of its inputs, by ONNX Runtime. */
export async function gradientsOf(
  runtime: Runtime,
  { model, inputs }: Example,
  name: string,
  by: readonly string[],
): Promise<FragmentValues> {
  const { gradients: found } = await gradients(runtime, model, { loss: name, parameters: by, inputs })
  return Object.fromEntries(by.map((input) => [input, Float64Array.from(found.get(input)!.data as Float32Array)]))
}
