import { readBy, type Specialised } from '../autodiff/index.ts'
import { int, intOf, type Model, type Node, uniqueNames } from '../onnx/index.ts'
import { integerTensor, scalarOf, type Tensor } from '../tensor/index.ts'
import { countRows, type Draft } from './batch-arithmetic.ts'
import { batchPlaces, rowSteps } from './batch-axis.ts'

/** Operators that take a value of one row for all rows. */
const BROADCASTING = new Set([
  'Add',
  'And',
  'Div',
  'Equal',
  'Greater',
  'Less',
  'Max',
  'Mean',
  'Min',
  'Mod',
  'Mul',
  'Or',
  'Pow',
  'Sub',
  'Sum',
  'Where',
  'MatMul',
])

/** The places of the states that recurrent operators start from. */
const STATES: Readonly<Record<string, readonly number[]>> = { GRU: [5], LSTM: [5, 6], RNN: [5] }

/**
 * Takes a fixed number of rows out of a graph: the batch is followed from the input to the outputs, shapes written for it
 * give way to −1 (Reshape) or 1 (Expand), and stored values with as many rows are used by their first row, which is
 * repeated where an operator does not do so by itself (Concat, the first state of an LSTM). What the operators alone do
 * not tell can go wrong here: compare the result with the model before.
 */
export function loosenBatch(fixed: Specialised, input: string, rows: number): Model {
  const { graph } = fixed.model
  const draft: Draft = { fresh: uniqueNames(graph), nodes: [], initializers: new Map(graph.initializers) }
  const dimsOf = (name: string) => fixed.valueOf(name).dims
  const places = batchPlaces(graph, input, { dimsOf, known: fixed.known, rows })
  const axisOf = (name: string): number => places.get(name)!.axis
  const store = (hint: string, values: readonly number[]): string => {
    const name = draft.fresh(hint)
    draft.initializers.set(name, integerTensor(values))
    return name
  }
  const write = (hint: string, op: string, inputs: string[], attributes: Node['attributes'] = {}): string => {
    const name = draft.fresh(`${hint}/${op}`)
    draft.nodes.push({ op, domain: '', name, inputs, outputs: [name], attributes })
    return name
  }
  /** A stored value with one row along an axis. */
  const firstRow = (name: string, axis: number): string =>
    dimsOf(name)[axis] === 1
      ? name
      : write(name, 'Slice', [name, ...[[0], [1], [axis]].map((values) => store(`${name}/part`, values))])
  const rowsOf = (like: string): string => countRows(draft, like, axisOf(like), dimsOf(like)[axisOf(like)]! / rows)
  /** Whole numbers with the number of rows at one place. */
  const sizes = (hint: string, values: readonly number[], axis: number, like: string): string => {
    const count = write(hint, 'Unsqueeze', [rowsOf(like), store(`${hint}/axes`, [0])])
    const parts = [values.slice(0, axis), values.slice(axis + 1)].map((part) => store(`${hint}/sizes`, part))
    return write(hint, 'Concat', [parts[0]!, count, parts[1]!], { axis: int(0) })
  }
  const repeated = (name: string, axis: number, like: string): string => {
    const ones = dimsOf(name).map(() => 1)
    return write(name, 'Expand', [firstRow(name, axis), sizes(name, ones, axis, like)])
  }
  /** Places in a table of all rows, for any number of them. */
  const stepped = (name: string, first: Tensor, step: number, like: string): string => {
    const keep = (hint: string, value: Tensor): string => {
      const id = draft.fresh(`${name}/${hint}`)
      draft.initializers.set(id, value)
      return id
    }
    const [zero, one] = [0, 1].map((value) => keep(`${value}`, scalarOf(value, 'int64')))
    const along = store(`${name}/along`, [-1, ...first.dims.slice(1).map(() => 1)])
    const row = write(name, 'Reshape', [write(name, 'Range', [zero!, rowsOf(like), one!]), along])
    const moved = write(name, 'Mul', [row, keep('step', scalarOf(step, 'int64'))])
    return write(name, 'Add', [keep('first', first), moved])
  }
  for (const node of graph.nodes) draft.nodes.push(loosened(node))
  const read = new Set(draft.nodes.flatMap(readBy))
  const initializers = new Map([...draft.initializers].filter(([name]) => read.has(name)))
  return { ...fixed.model, graph: { ...graph, nodes: draft.nodes, initializers } }

  function loosened(node: Node): Node {
    const result = node.outputs[0]!
    const axis = places.get(result)?.axis
    if (axis === undefined) return node
    const dims = dimsOf(result)
    const carrier = node.inputs.find((name) => places.has(name))!
    if (node.op === 'Reshape' && carrier === node.inputs[0]) {
      const shape = dims.map((size, i) => (i === axis ? -1 : size))
      return { ...node, inputs: [carrier, store(`${result}/shape`, shape)] }
    }
    if (node.op === 'Expand' && carrier === node.inputs[0]) {
      const shape = dims.map((size, i) => (i === axis ? 1 : size))
      return { ...node, inputs: [carrier, store(`${result}/shape`, shape)] }
    }
    if (node.op === 'Resize' && carrier === node.inputs[0] && (node.inputs[3] ?? '') !== '') {
      return { ...node, inputs: [...node.inputs.slice(0, 3), sizes(result, dims, axis, carrier)] }
    }
    if (node.op === 'Gather' && carrier === node.inputs[0]) {
      const along = axisOf(carrier)
      const step = dimsOf(carrier)[along]! / rows
      const first = intOf(node, 'axis', 0) === along ? rowSteps(fixed.known(node.inputs[1]!), rows, step) : undefined
      return first === undefined ? node : { ...node, inputs: [carrier, stepped(node.inputs[1]!, first, step, carrier)] }
    }
    const replace = (of: (name: string, i: number) => string): Node => ({
      ...node,
      inputs: node.inputs.map((name, i) => (name === '' || places.has(name) ? name : of(name, i))),
    })
    if (node.op === 'Concat') return replace((name) => repeated(name, axis, carrier))
    const states = STATES[node.op]
    if (states !== undefined) return replace((name, i) => (states.includes(i) ? repeated(name, 1, carrier) : name))
    if (!BROADCASTING.has(node.op) || rows === 1) return node
    return replace((name) => {
      const own = axis - dims.length + dimsOf(name).length
      return own >= 0 && dimsOf(name)[own] === dims[axis] && dims[axis] === rows ? firstRow(name, own) : name
    })
  }
}
