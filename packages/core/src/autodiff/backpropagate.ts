import { InvalidInputError, UnsupportedOperatorError } from '../errors.ts'
import { describeNode, type Node } from '../onnx/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { nodesBetween } from './between.ts'
import type { Ops } from './ops.ts'
import { NOT_DIFFERENTIABLE } from './reach.ts'
import { isDiscrete, ruleOf } from './rules/index.ts'
import type { Specialised } from './specialise.ts'
import { sameDims, type TypedValue } from './typed-value.ts'

/**
 * Writes the backward half of a graph: reverse accumulation from a scalar `loss`. Gives the gradient by each of
 * `parameters` (initialisers or inputs of the graph), each in its parameter's shape; undefined where the loss does not
 * depend on it. Throws `UnsupportedOperatorError`, naming every one, where an operator between them has no rule.
 */
export function backpropagate(
  graph: Specialised,
  ops: Ops,
  loss: string,
  parameters: readonly string[],
): ReadonlyMap<string, TypedValue | undefined> {
  const lossValue = graph.valueOf(loss)
  if (sizeOf(lossValue.dims) !== 1 || !isFloat(lossValue)) {
    throw new InvalidInputError(
      `the loss "${loss}" is ${lossValue.type} [${lossValue.dims.join(', ')}]: one number is expected; add a mean or a sum`,
    )
  }
  const active = activeNodes(graph, loss, parameters)
  checkRules(active)
  const wanted = activeValues(graph, active, parameters)
  const arrived = new Map<string, TypedValue[]>()
  arrived.set(loss, [ops.expand(ops.scalar(1, lossValue), lossValue.dims)])
  /** The sum of what arrived at a value, written once. */
  const gradientOf = (name: string): TypedValue | undefined => {
    const parts = arrived.get(name)
    if (parts === undefined) return undefined
    const total = ops.sum(parts)
    arrived.set(name, [total])
    return total
  }
  const typed = (name: string) => (name === '' ? undefined : graph.valueOf(name))

  for (const node of [...active].reverse()) {
    const gradients = node.outputs.map((name) => gradientOf(name))
    if (gradients.every((gradient) => gradient === undefined)) continue
    const rule = ruleOf(node.op, node.domain)!
    const wants = (index: number) => wanted.has(node.inputs[index] ?? '')
    const results = rule.backward({
      node,
      opset: graph.model.opsets[''] ?? 18,
      ops,
      inputs: node.inputs.map(typed),
      outputs: node.outputs.map(typed),
      gradients,
      wants,
      known: (value) => (value === undefined ? undefined : graph.known(value.name)),
    })
    results.forEach((gradient, index) => {
      if (gradient === undefined || !wants(index)) return
      const name = node.inputs[index]!
      checkShape(node, graph.valueOf(name), gradient)
      arrived.set(name, [...(arrived.get(name) ?? []), gradient])
    })
  }
  return new Map(parameters.map((name) => [name, gradientOf(name)]))
}

const isFloat = (value: TypedValue): boolean => value.type === 'float32' || value.type === 'float64'

/** Parameters and losses have more digits, but what lies between may be float16. */
const hasGradient = (value: TypedValue): boolean => isFloat(value) || value.type === 'float16'

/** The nodes that a gradient passes: no discrete ones, and nothing that only such ones lead to. */
function activeNodes(graph: Specialised, loss: string, parameters: readonly string[]): Node[] {
  for (const name of parameters) {
    const value = graph.valueOf(name)
    if (!isFloat(value)) {
      throw new InvalidInputError(`the parameter "${name}" is ${value.type}: only float32 and float64 have gradients`)
    }
  }
  const { graph: whole } = graph.model
  const passing = whole.nodes.filter((node) => {
    if (isDiscrete(node.op, node.domain)) return false
    return node.outputs.some((name) => name !== '' && hasGradient(graph.valueOf(name)))
  })
  return nodesBetween({ ...whole, nodes: passing }, new Set(parameters), loss)
}

function activeValues(graph: Specialised, active: readonly Node[], parameters: readonly string[]): ReadonlySet<string> {
  const names = [...parameters, ...active.flatMap((node) => node.outputs)]
  return new Set(names.filter((name) => name !== '' && hasGradient(graph.valueOf(name))))
}

function checkRules(active: readonly Node[]): void {
  const without = active.filter((node) => ruleOf(node.op, node.domain) === undefined)
  if (without.length === 0) return
  throw new UnsupportedOperatorError(
    without.map((node) => ({ operator: node.domain === '' ? node.op : `${node.domain}.${node.op}`, node: node.name })),
    NOT_DIFFERENTIABLE,
  )
}

function checkShape(node: Node, input: TypedValue, gradient: TypedValue): void {
  if (sameDims(input.dims, gradient.dims)) return
  throw new InvalidInputError(
    `the gradient of ${describeNode(node)} by "${input.name}" has the shape [${gradient.dims.join(', ')}], its input [${input.dims.join(', ')}]`,
  )
}
