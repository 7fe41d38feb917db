import { readBy, type Specialised } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { describeNode, type Graph, type Model, type Node, uniqueNames } from '../onnx/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'
import { countRows, type Draft, fromRows } from './batch-arithmetic.ts'
import { dependentOn, inOrder } from './in-order.ts'
import { axisOfBatch, type Pair } from './two-batches.ts'

/**
 * One model for batches of any size, made of the same one specialised to a batch of two rows and to one of three. Shapes
 * that differ between both become, in a Reshape, a −1 where one axis does; elsewhere arithmetic with the number of rows,
 * read off a value near by: so no node depends on what lies far before it, and the graph can be cut. Throws
 * `InvalidInputError` where something depends on the number of rows in another way.
 */
export function withOpenShapes(two: Specialised, three: Specialised, input: string): Model {
  const { graph } = two.model
  const draft: Draft = { fresh: uniqueNames(graph), nodes: [], initializers: new Map(graph.initializers) }
  const axisIn = (name: string) => axisOfBatch(two.valueOf(name).dims, three.valueOf(name).dims)
  const nearest = nearestIn(graph, input, (name) => axisIn(name) !== undefined)
  const counts = new Map<string, string>()
  const rowsNear = (node: Node): string => {
    const anchor = nearest(node)
    const { axis, factor } = axisIn(anchor)!
    const count = counts.get(anchor) ?? countRows(draft, anchor, axis, factor)
    counts.set(anchor, count)
    return count
  }
  for (const node of graph.nodes) {
    const shape = openShape(node, axisIn, two)
    const replaced = new Map<string, string>()
    for (const name of new Set(readBy(node))) {
      const pair = pairOf(two.known(name), three.known(name))
      if (pair === undefined) continue
      if (!node.inputs.includes(name)) throw insideOf(node, name)
      const open = shape !== undefined && name === node.inputs[1] ? draft.fresh(`${name}/open`) : undefined
      if (open !== undefined) draft.initializers.set(open, shape!)
      replaced.set(name, open ?? fromRows(draft, name, pair, rowsNear(node)))
    }
    const inputs = node.inputs.map((name) => replaced.get(name) ?? name)
    draft.nodes.push(replaced.size === 0 ? node : { ...node, inputs })
  }
  const read = new Set([...draft.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)])
  const initializers = new Map([...draft.initializers].filter(([name]) => read.has(name)))
  return { ...two.model, graph: { ...graph, nodes: inOrder(draft.nodes), initializers } }
}

/**
 * For a node, the value that carries the batch and lies nearest: one that it reads, else one that is read where its result
 * goes.
 */
function nearestIn(graph: Graph, input: string, showsRows: (name: string) => boolean): (node: Node) => string {
  const carrying = dependentOn(graph.nodes, [input])
  return (node) => {
    const around = new Set([node])
    for (const each of around) {
      const found = each.inputs.find((name) => carrying.has(name) && showsRows(name))
      if (found !== undefined) return found
      for (const reader of graph.nodes) {
        if (reader.inputs.some((name) => each.outputs.includes(name))) around.add(reader)
      }
    }
    return input
  }
}

/** The shape for a Reshape that holds for every number of rows, where one axis of the result depends on it. */
function openShape(
  node: Node,
  axisIn: (name: string) => { axis: number } | undefined,
  two: Specialised,
): Tensor | undefined {
  if (node.op !== 'Reshape' || node.domain !== '') return undefined
  const result = node.outputs[0]!
  const axis = axisIn(result)?.axis
  return axis === undefined
    ? undefined
    : integerTensor(two.valueOf(result).dims.map((size, i) => (i === axis ? -1 : size)))
}

function pairOf(two: Tensor | undefined, three: Tensor | undefined): Pair | undefined {
  if (two === undefined || three === undefined) return undefined
  const same =
    two.dims.length === three.dims.length &&
    two.dims.every((size, i) => size === three.dims[i]) &&
    (two.data as Float32Array).every((value, i) => Object.is(value, three.data[i]))
  return same ? undefined : { two, three }
}

const insideOf = (node: Node, name: string): InvalidInputError =>
  new InvalidInputError(
    `${describeNode(node)} reads "${name}", which depends on the number of rows, inside a branch or loop: export the model without it`,
  )
