import type { Graph, Node } from '../onnx/index.ts'
import { readBy } from './between.ts'
import { isDiscrete, ruleOf } from './rules/index.ts'

/** Operators that take any number of inputs and treat all alike. */
const VARIADIC = new Set(['Concat', 'Einsum', 'Max', 'Mean', 'Min', 'Sum'])

const RECURRENT = ['X', 'W', 'R', 'B', 'sequence_lens', 'initial_h', 'initial_c', 'P']

/** The inputs, in the specification's order and words, of operators with inputs that pass a gradient behind others that do not. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  GRU: RECURRENT,
  LSTM: RECURRENT,
  Pad: ['data', 'pads', 'constant_value', 'axes'],
  RNN: RECURRENT,
  ScatterElements: ['data', 'indices', 'updates'],
  ScatterND: ['data', 'indices', 'updates'],
  Where: ['condition', 'X', 'Y'],
}

/** The positions of the inputs of a node that its rule's `through` names. */
export function positionsOf(op: string, through: readonly string[], inputs: number): number[] {
  if (VARIADIC.has(op)) return [...Array(inputs).keys()]
  const names = INPUTS[op]
  return names === undefined ? [...through.keys()] : through.map((name) => names.indexOf(name))
}

/**
 * The names of all values that a gradient of `outputs` reaches, as far as the operators alone tell: whether a value is a
 * float is not looked at. A node without a rule counts as one that passes the gradient to everything it reads, so that
 * differentiation will name it.
 */
export function gradientReach(graph: Graph, outputs: Iterable<string>): ReadonlySet<string> {
  const reached = new Set(outputs)
  for (const node of [...graph.nodes].reverse()) {
    if (node.outputs.some((name) => reached.has(name))) for (const name of passedBy(node)) reached.add(name)
  }
  return reached
}

/** ONNX's numbers of float32, float16, float64 and bfloat16. */
const FLOATS = new Set([1, 10, 11, 16])

function passedBy(node: Node): string[] {
  const { to } = node.attributes
  if (isDiscrete(node.op, node.domain)) return []
  if (node.op === 'Cast' && to?.type === 'int' && !FLOATS.has(Number(to.value))) return []
  const rule = ruleOf(node.op, node.domain)
  if (rule === undefined) return readBy(node)
  return positionsOf(node.op, rule.through, node.inputs.length).flatMap((position) => node.inputs[position] || [])
}
