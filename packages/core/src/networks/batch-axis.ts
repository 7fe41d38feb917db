import { type Graph, intOf, intsOf, type Node, textOf } from '../onnx/index.ts'
import { sizeOf, type Tensor } from '../tensor/index.ts'

/** What is known of a graph that has run with a fixed number of rows. */
export interface FixedShapes {
  readonly dimsOf: (name: string) => readonly number[]
  readonly known: (name: string) => Tensor | undefined
  /** The number of rows of that run. */
  readonly rows: number
}

/** Where the batch is in a value. */
export interface BatchPlace {
  readonly axis: number
  /** How many places of that axis come before the rows: 17 where tokens and rows share one axis, tokens first. */
  readonly lead: number
}

const RESHAPING = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze'])
const RECURRENT = new Set(['GRU', 'LSTM', 'RNN'])

/**
 * Follows the batch from the first axis of `input` through a graph, to where it is in each value that carries it. Values
 * where an operator mixes rows, or hides where they are, are left out.
 */
export function batchPlaces(graph: Graph, input: string, shapes: FixedShapes): ReadonlyMap<string, BatchPlace> {
  const places = new Map([[input, { axis: 0, lead: 1 }]])
  for (const node of graph.nodes) {
    const position = node.inputs.findIndex((name) => places.has(name))
    if (position < 0) continue
    const place = places.get(node.inputs[position]!)!
    for (const [i, name] of node.outputs.entries()) {
      if (name === '') continue
      const found = placeAfter(node, position, place, i, shapes)
      if (found !== undefined && found.axis >= 0 && found.axis < shapes.dimsOf(name).length) places.set(name, found)
    }
  }
  return places
}

function placeAfter(
  node: Node,
  position: number,
  place: BatchPlace,
  output: number,
  shapes: FixedShapes,
): BatchPlace | undefined {
  if (RESHAPING.has(node.op)) {
    const [from, to] = [node.inputs[position]!, node.outputs[output]!].map(shapes.dimsOf)
    return placeAfterReshape(from!, place, to!, shapes.rows)
  }
  const axis = axisAfter(node, position, place.axis, output, shapes)
  return axis === undefined ? undefined : { ...place, axis }
}

function axisAfter(
  node: Node,
  position: number,
  axis: number,
  output: number,
  { dimsOf, known, rows }: FixedShapes,
): number | undefined {
  const from = dimsOf(node.inputs[position]!)
  const to = dimsOf(node.outputs[output]!)
  if (RECURRENT.has(node.op)) return output === 0 ? 2 : 1
  if (node.op === 'Transpose') {
    return (intsOf(node, 'perm') ?? from.map((_, i) => from.length - 1 - i)).indexOf(axis)
  }
  if (node.op === 'Gather') {
    const along = frontOf(intOf(node, 'axis', 0), dimsOf(node.inputs[0]!).length)
    if (position === 1) return along + axis
    if (along === axis)
      return rowSteps(known(node.inputs[1]!), rows, from[axis]! / rows) === undefined ? undefined : axis
    return along < axis ? axis + dimsOf(node.inputs[1]!).length - 1 : axis
  }
  if (node.op === 'Einsum') {
    const [inputs = '', result = ''] = textOf(node, 'equation', '').replaceAll(' ', '').split('->')
    return result.indexOf(inputs.split(',')[position]?.[axis] ?? '?')
  }
  if (to.length < from.length && (node.op.startsWith('Reduce') || node.op.startsWith('Arg'))) {
    const stored = known(node.inputs[1] ?? '')?.data as BigInt64Array | undefined
    const removed =
      stored === undefined ? (intsOf(node, 'axes') ?? [intOf(node, 'axis', 0)]) : Array.from(stored, Number)
    const front = removed.map((each) => frontOf(each, from.length))
    return front.includes(axis) ? undefined : axis - front.filter((each) => each < axis).length
  }
  return axis + to.length - from.length
}

const frontOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/**
 * A reshape keeps the order of the numbers, so as many come before the rows as before. Of the axes that this allows, the
 * last is taken where there is no other (it holds features, as a rule), and those that begin with the rows come first.
 */
function placeAfterReshape(
  from: readonly number[],
  { axis, lead }: BatchPlace,
  to: readonly number[],
  rows: number,
): BatchPlace | undefined {
  const before = sizeOf(from.slice(0, axis)) * lead
  const found = to.flatMap((size, i): BatchPlace[] => {
    const part = before / sizeOf(to.slice(0, i))
    return Number.isInteger(part) && size % (part * rows) === 0 ? [{ axis: i, lead: part }] : []
  })
  const cost = (place: BatchPlace): number =>
    (place.axis === to.length - 1 && to.length > 1 ? 4 : 0) + (place.lead === 1 ? 0 : 2) + (place.axis === axis ? 0 : 1)
  return found.toSorted((a, b) => cost(a) - cost(b))[0]
}

/**
 * Places of a table that lists rows one after the other, `step` entries for each: where those of row `n` are those of the
 * first, moved by `n · step`, the first row's, with one row as their first dimension.
 */
export function rowSteps(places: Tensor | undefined, rows: number, step: number): Tensor | undefined {
  const [size = 0, ...rest] = places?.dims ?? []
  if (places?.type !== 'int64' || size !== rows) return undefined
  const data = places.data as BigInt64Array
  const inner = data.length / rows
  const follows = data.every((value, i) => value === data[i % inner]! + BigInt(Math.floor(i / inner) * step))
  return follows ? { type: 'int64', dims: [1, ...rest], data: data.slice(0, inner) } : undefined
}
