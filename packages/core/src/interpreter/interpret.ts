import { InvalidInputError } from '../errors.ts'
import type { Model, Node } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { describe } from './kernel.ts'
import { kernels } from './kernels/index.ts'
import { tensorValue, type Value } from './value.ts'

/** Every value of one run of a graph, and how they would change. */
export interface Interpretation {
  readonly values: ReadonlyMap<string, Value>
  /** The value `wanted` had `changed` been `replacement`: only the nodes between the two run again. */
  withChanged(changed: string, replacement: Value, wanted: string): Value
}

/**
 * Runs a graph in float64, one operator after the other as ONNX's specification describes it: slow, and independent of
 * ONNX Runtime and of the rules of differentiation, to measure both against. Throws `InvalidInputError` for an operator
 * it does not know, and for a missing input.
 */
export function interpret(model: Model, inputs: Readonly<Record<string, Tensor>>): Interpretation {
  const { graph } = model
  const opset = model.opsets[''] ?? 1
  const values = new Map<string, Value>()
  for (const [name, tensor] of graph.initializers) values.set(name, tensorValue(tensor))
  for (const [name, tensor] of Object.entries(inputs)) values.set(name, tensorValue(tensor))
  for (const node of graph.nodes) run(node, opset, values, values)
  return {
    values,
    withChanged(changed, replacement, wanted) {
      const overlay = new Overlay(values)
      overlay.set(changed, replacement)
      for (const node of graph.nodes) {
        if (node.inputs.some((name) => overlay.isChanged(name))) run(node, opset, overlay, overlay)
        if (node.outputs.includes(wanted)) break
      }
      return overlay.get(wanted)!
    },
  }
}

/** Values that differ from a run before, over those that do not. */
class Overlay {
  readonly #changed = new Map<string, Value>()
  readonly #before: ReadonlyMap<string, Value>
  constructor(before: ReadonlyMap<string, Value>) {
    this.#before = before
  }
  get(name: string): Value | undefined {
    return this.#changed.get(name) ?? this.#before.get(name)
  }
  set(name: string, value: Value): void {
    this.#changed.set(name, value)
  }
  isChanged(name: string): boolean {
    return this.#changed.has(name)
  }
}

interface Reader {
  get(name: string): Value | undefined
}
interface Writer {
  set(name: string, value: Value): void
}

function run(node: Node, opset: number, from: Reader, to: Writer): void {
  const kernel = node.domain === '' || node.domain === 'ai.onnx' ? kernels[node.op] : undefined
  if (kernel === undefined) throw new InvalidInputError(`the interpreter does not know ${describe(node)}`)
  const inputs = node.inputs.map((name) => {
    if (name === '') return undefined
    const found = from.get(name)
    if (found === undefined) throw new InvalidInputError(`${describe(node)} reads "${name}", which nothing gives`)
    return found
  })
  const outputs = kernel({ node, opset, inputs })
  node.outputs.forEach((name, i) => {
    if (name !== '' && outputs[i] !== undefined) to.set(name, outputs[i])
  })
}
