import { InvalidInputError } from '../errors.ts'
import type { Model, Node } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { describe } from './kernel.ts'
import { kernels } from './kernels/index.ts'
import { tensorValue, type Value } from './value.ts'

/** Every value of one run of a graph, and how they would change. */
export interface Interpretation {
  readonly values: ReadonlyMap<string, Value>
  /**
   * The value `wanted` had `changed` been `replacement`: only the nodes between the two run again. Throws
   * `InvalidInputError` where the graph has no such values.
   */
  withChanged(changed: string, replacement: Value, wanted: string): Value
}

/**
 * Runs a graph in float64, one operator after the other as ONNX's specification describes it: slow, and independent of
 * ONNX Runtime and of the rules of differentiation, to measure both against. Throws `InvalidInputError` for an operator
 * it does not know, and for a missing input.
 */
export function interpret(model: Model, inputs: Readonly<Record<string, Tensor>>): Interpretation {
  const { graph } = model
  const opset = model.opsets[''] ?? model.opsets['ai.onnx'] ?? 1
  const values = new Map<string, Value>()
  for (const [name, tensor] of graph.initializers) values.set(name, tensorValue(tensor))
  for (const [name, tensor] of Object.entries(inputs)) values.set(name, tensorValue(tensor))
  const valueNamed = (name: string) => values.get(name)
  for (const node of graph.nodes) run(node, opset, valueNamed, values)
  return {
    values,
    withChanged(changed, replacement, wanted) {
      for (const name of [changed, wanted]) {
        if (!values.has(name)) throw new InvalidInputError(`the graph "${graph.name}" has no value "${name}"`)
      }
      const others = new Map([[changed, replacement]])
      const otherwise = (name: string) => others.get(name) ?? values.get(name)
      for (const node of between(graph.nodes, changed, wanted)) run(node, opset, otherwise, others)
      return otherwise(wanted)!
    },
  }
}

/** The nodes that depend on the value `from` and that the value `to` depends on, in their order. */
function between(nodes: readonly Node[], from: string, to: string): Node[] {
  const affected = new Set([from])
  const after = nodes.filter((node) => {
    if (!node.inputs.some((name) => affected.has(name))) return false
    for (const name of node.outputs) affected.add(name)
    return true
  })
  const needed = new Set([to])
  return after
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((name) => needed.has(name))) return false
      for (const name of node.inputs) needed.add(name)
      return true
    })
    .toReversed()
}

/** Computes a node's outputs from the values that it reads by name, and adds them to `to`. */
function run(node: Node, opset: number, valueNamed: (name: string) => Value | undefined, to: Map<string, Value>): void {
  const kernel = node.domain === '' || node.domain === 'ai.onnx' ? kernels[node.op] : undefined
  if (kernel === undefined) throw new InvalidInputError(`the interpreter does not know ${describe(node)}`)
  const inputs = node.inputs.map((name) => {
    if (name === '') return undefined
    const found = valueNamed(name)
    if (found === undefined) throw new InvalidInputError(`${describe(node)} reads "${name}", which nothing gives`)
    return found
  })
  const outputs = kernel({ node, opset, inputs })
  node.outputs.forEach((name, i) => {
    if (name !== '' && outputs[i] !== undefined) to.set(name, outputs[i])
  })
}
