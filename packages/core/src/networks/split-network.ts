import { cutTo, readBy } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Model, ValueInfo } from '../onnx/index.ts'
import { withOwnValues } from './own-values.ts'

/** A network in two parts: running `base` and then `rest` gives what the whole gives. */
export interface SplitNetwork {
  /** From the input to the value, its only output; where the value is the input itself, it has no nodes. */
  readonly base: Model
  /** From the value, its only input, to the model's outputs. */
  readonly rest: Model
}

/**
 * Cuts a network at a value: best an output of a block, of the model that `describeNetwork` gives, whose sizes are known.
 * Tensors that both parts read go to both. `outputs` are those that the rest gives; by default all of the model's.
 * Throws `InvalidInputError` where the model has no such value, and where an output needs more than it.
 */
export function splitNetwork(
  model: Model,
  value: string,
  outputs: readonly string[] = model.graph.outputs.map(({ name }) => name),
): SplitNetwork {
  const { graph } = model
  const info = [...graph.inputs, ...graph.values, ...graph.outputs].find(({ name }) => name === value)
  const computed = graph.nodes.some((node) => node.outputs.includes(value))
  if (!computed && info === undefined) {
    throw new InvalidInputError(`the model has no value "${value}": choose the output of one of its layers`)
  }
  const seam: ValueInfo = { name: value, type: info?.type ?? 'float32', ...(info?.dims && { dims: info.dims }) }
  const base = cutTo(model, [seam])
  const wanted = outputs.map((name) => graph.outputs.find((output) => output.name === name) ?? { name })
  const nodes = graph.nodes.filter((node) => !node.outputs.includes(value))
  const inputs = [seam, ...graph.inputs.filter(({ name }) => name !== value)]
  const rest = cutTo({ ...model, graph: { ...graph, nodes, inputs } }, wanted)
  check(rest, value)
  return { base: withOwnValues(base), rest: withOwnValues(rest) }
}

/** The rest must stand on the value alone. */
function check({ graph }: Model, value: string): void {
  const there = new Set([value, ...graph.initializers.keys(), ...graph.nodes.flatMap((node) => node.outputs)])
  const needed = [...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)]
  const missing = needed.find((name) => !there.has(name))
  if (missing === undefined) return
  throw new InvalidInputError(
    `the network cannot be cut at "${value}" alone, since what follows needs "${missing}" too: cut at the output of a block, or ask for fewer outputs`,
  )
}
