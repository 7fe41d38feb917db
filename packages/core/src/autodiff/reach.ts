import type { UnsupportedNode } from '../errors.ts'
import { type Graph, type Model, type Node, upgradeModel } from '../onnx/index.ts'
import { ancestors, readBy } from './between.ts'
import { isDiscrete, ruleOf } from './rules/index.ts'
import { sliceSequences } from './slice-sequences.ts'

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

/** Inputs that a gradient passes to when they are computed, but that are not learnt by it when they are stored. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  BatchNormalization: ['input_mean', 'input_var'],
  Clip: ['min', 'max'],
  Mod: ['B'],
  Pad: ['constant_value'],
}

/** The positions of the inputs of a node that its rule's `through` names. */
export function positionsOf(op: string, through: readonly string[], inputs: number): number[] {
  if (VARIADIC.has(op)) return [...Array(inputs).keys()]
  const names = INPUTS[op]
  return names === undefined ? [...through.keys()] : through.map((name) => names.indexOf(name))
}

/**
 * The names of all values that a gradient of `outputs` reaches, as far as the operators alone tell: whether a value is a
 * float is not looked at. What is no weight where an operator reads it is left out: batch-normalisation statistics,
 * bounds. A node without a rule counts as one that passes the gradient to everything it reads, so that differentiation
 * will name it.
 */
export function gradientReach(graph: Graph, outputs: Iterable<string>): ReadonlySet<string> {
  const reached = new Set(outputs)
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((name) => reached.has(name))) continue
    for (const name of passedBy(node, SETTINGS[node.op])) reached.add(name)
  }
  return reached
}

/** Operators of which all but the first output are whole numbers. */
const PLACES_SECOND = new Set(['MaxPool', 'TopK'])

/**
 * The nodes that a gradient of `outputs` has to pass on its way to some of `parameters` and for which there is no rule,
 * as far as the operators alone tell. `differentiate` throws for the same nodes, but after it has run the graph once,
 * which ONNX Runtime refuses where it does not know an operator either. `If` is not among them: only the branch that is
 * taken counts, and that run tells which it is.
 */
export function nodesWithoutRule(
  model: Model,
  parameters: Iterable<string>,
  outputs: Iterable<string> = model.graph.outputs.map(({ name }) => name),
): UnsupportedNode[] {
  const graph = sliceSequences(upgradeModel(model).graph)
  const reached = new Set(parameters)
  const passing = graph.nodes.filter((node) => {
    if (!passedBy(node).some((name) => reached.has(name))) return false
    for (const name of PLACES_SECOND.has(node.op) ? node.outputs.slice(0, 1) : node.outputs) reached.add(name)
    return true
  })
  return ancestors(passing, outputs)
    .filter((node) => ruleOf(node.op, node.domain) === undefined && !isChoice(node))
    .map(({ op, domain, name }) => ({ operator: domain === '' ? op : `${domain}.${op}`, node: name }))
}

const isChoice = ({ op, domain }: Node): boolean => op === 'If' && domain === ''

/** What to do about a node without a rule. */
export const NOT_DIFFERENTIABLE =
  'it cannot be differentiated; freeze the parameters before it, or cut the graph after it'

/** ONNX's numbers of float32, float16, float64 and bfloat16. */
const FLOATS = new Set([1, 10, 11, 16])

function passedBy(node: Node, except: readonly string[] = []): string[] {
  const { to } = node.attributes
  if (isDiscrete(node.op, node.domain)) return []
  if (node.op === 'Cast' && to?.type === 'int' && !FLOATS.has(Number(to.value))) return []
  const rule = ruleOf(node.op, node.domain)
  if (rule === undefined) return readBy(node)
  return positionsOf(node.op, rule.through, node.inputs.length).flatMap((position, i) =>
    except.includes(rule.through[i] ?? '') ? [] : node.inputs[position] || [],
  )
}
