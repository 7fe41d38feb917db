import { gradients } from '../autodiff/index.ts'
import type { Attribute, Model, Node } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { scalarOf, type Tensor } from '../tensor/index.ts'
import type { Example } from './against-runtime.ts'

/** A node with one output, of ONNX's own operators. */
export const plainNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Node => ({ op, domain: '', name: output, inputs, outputs: [output], attributes })

/** The model with more nodes and initialisers; the last node's output takes the place of its outputs. */
export const extended = (
  model: Model,
  nodes: readonly Node[],
  initializers: Readonly<Record<string, Tensor>> = {},
): Model => ({
  ...model,
  graph: {
    ...model.graph,
    nodes: [...model.graph.nodes, ...nodes],
    outputs: [{ name: nodes.at(-1)!.outputs[0]! }],
    initializers: new Map([...model.graph.initializers, ...Object.entries(initializers)]),
  },
})

/** The gradients of the sum of `output_0` by the inputs named, as ONNX Runtime computes them; no zero is negative. */
export async function sumGradients(
  runtime: Runtime,
  { model, inputs }: Example,
  by: readonly string[] = ['input_0'],
): Promise<number[][]> {
  const whole = extended(model, [plainNode('ReduceSum', ['output_0'], 'loss')])
  const result = await gradients(runtime, whole, { loss: 'loss', parameters: by, inputs })
  return by.map((name) =>
    Array.from(result.gradients.get(name)!.data as ArrayLike<unknown>, (each) => Number(each) + 0),
  )
}

/**
 * As `sumGradients`, by `input_0` and where `kept` is 1 alone: elsewhere the output is replaced by 0 before it is
 * summed, so that it does not matter what it was.
 */
export async function maskedSumGradients(
  runtime: Runtime,
  { model, inputs }: Example,
  kept: readonly number[],
  by: readonly string[] = ['input_0'],
): Promise<number[][]> {
  const zero = scalarOf(0, Object.values(inputs)[0]!.type)
  const mask: Tensor = { type: 'bool', dims: [kept.length], data: Uint8Array.from(kept) }
  const masked = plainNode('Where', ['mask', 'unmasked', 'zero'], 'output_0')
  const renamed = model.graph.nodes.map((node) => ({ ...node, outputs: ['unmasked'] }))
  const whole = extended({ ...model, graph: { ...model.graph, nodes: renamed } }, [masked], { mask, zero })
  return sumGradients(runtime, { model: whole, inputs }, by)
}
