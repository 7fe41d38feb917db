import { readBy, type Specialised } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { describeNode, int, type Model, type Node, uniqueNames } from '../onnx/index.ts'
import { integerTensor, scalarOf, type Tensor } from '../tensor/index.ts'
import { dependentOn, inOrder } from './in-order.ts'
import { axisOfBatch, type Pair, periodOf, slopeOf } from './two-batches.ts'

/**
 * One model for batches of any size, made of the same one specialised to a batch of two rows and to one of three. Shapes
 * that differ between both become, in a Reshape, a −1 where one axis does; elsewhere arithmetic with the number of rows,
 * read off a value near by: so no node depends on what lies far before it, and the graph can be cut. Throws
 * `InvalidInputError` where something depends on the number of rows in another way.
 */
export function withOpenShapes(two: Specialised, three: Specialised, input: string): Model {
  const { graph } = two.model
  const fresh = uniqueNames(graph)
  const initializers = new Map(graph.initializers)
  const carrying = dependentOn(graph.nodes, [input])
  const rows = new Map<string, string>()

  const pairOf = (name: string): Pair | undefined => {
    const [a, b] = [two.known(name), three.known(name)]
    return a === undefined || b === undefined || sameTensor(a, b) ? undefined : { two: a, three: b }
  }
  const store = (hint: string, value: Tensor): string => {
    const name = fresh(hint)
    initializers.set(name, value)
    return name
  }
  const axisIn = (name: string) => axisOfBatch(two.valueOf(name).dims, three.valueOf(name).dims)
  const isAnchor = (name: string): boolean => carrying.has(name) && axisIn(name) !== undefined

  /** A value that carries the batch and lies nearest to a node: one that it reads, else one read where its result goes. */
  const anchorOf = (node: Node): string => {
    const seen = new Set([node])
    const next = [node]
    for (const each of next) {
      const found = each.inputs.find(isAnchor)
      if (found !== undefined) return found
      for (const reader of graph.nodes) {
        if (seen.has(reader) || !reader.inputs.some((name) => each.outputs.includes(name))) continue
        seen.add(reader)
        next.push(reader)
      }
    }
    return input
  }

  /** Writes nodes that count the rows of a value, once for each value: a scalar. */
  const rowsOf = (anchor: string, nodes: Node[]): string => {
    const found = rows.get(anchor)
    if (found !== undefined) return found
    const { axis, factor } = axisIn(anchor)!
    const write = (op: string, inputs: string[], attributes: Node['attributes'] = {}): string => {
      const name = fresh(`${anchor}/rows/${op}`)
      nodes.push({ op, domain: '', name, inputs, outputs: [name], attributes })
      return name
    }
    const size = write('Shape', [anchor], { start: int(axis), end: int(axis + 1) })
    const flat = write('Squeeze', [size])
    const result = factor === 1 ? flat : write('Div', [flat, store(`${anchor}/rows/factor`, scalarOf(factor, 'int64'))])
    rows.set(anchor, result)
    return result
  }

  /** Writes nodes that compute a value that depends on the number of rows. */
  const computed = (name: string, pair: Pair, anchor: string, nodes: Node[]): string => {
    const write = (op: string, inputs: string[], attributes: Node['attributes'] = {}): string => {
      const output = fresh(`${name}/${op}`)
      nodes.push({ op, domain: '', name: output, inputs, outputs: [output], attributes })
      return output
    }
    const line = slopeOf(pair)
    if (line !== undefined) {
      const count = rowsOf(anchor, nodes)
      const ofType = pair.two.type === 'int64' ? count : write('Cast', [count], { to: int(6) })
      const product = write('Mul', [store(`${name}/slope`, line.slope), ofType])
      return write('Add', [product, store(`${name}/offset`, line.offset)])
    }
    const period = periodOf(pair)
    if (period === undefined) {
      throw new InvalidInputError(
        `the value "${name}" depends on the number of rows in a way that cannot be followed: export the model again with an open batch`,
      )
    }
    const { axis, piece } = period
    const count = write('Unsqueeze', [rowsOf(anchor, nodes), store(`${name}/axes`, integerTensor([0]))])
    const ones = (size: number) => store(`${name}/ones`, integerTensor(new Array<number>(size).fill(1)))
    const around = [ones(axis), count, ones(piece.dims.length - axis - 1)]
    const repeats = write('Concat', around, { axis: int(0) })
    return write('Tile', [store(`${name}/piece`, piece), repeats])
  }

  const nodes = graph.nodes.flatMap((node): Node[] => {
    const before: Node[] = []
    const replaced = new Map<string, string>()
    const reshape = openReshape(node, two, three)
    for (const name of new Set(readBy(node))) {
      const pair = pairOf(name)
      if (pair === undefined) continue
      const direct = reshape !== undefined && node.inputs.indexOf(name) === 1 && node.inputs[0] !== name
      if (!node.inputs.includes(name)) {
        throw new InvalidInputError(
          `${describeNode(node)} reads "${name}", which depends on the number of rows, inside a branch or loop: export the model again without it`,
        )
      }
      replaced.set(name, direct ? store(`${name}/open`, reshape) : computed(name, pair, anchorOf(node), before))
    }
    const inputs = node.inputs.map((name) => replaced.get(name) ?? name)
    const attributes = replaced.size > 0 && reshape !== undefined ? {} : node.attributes
    return [...before, replaced.size === 0 ? node : { ...node, inputs, attributes }]
  })
  const read = new Set([...nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)])
  const kept = new Map([...initializers].filter(([name]) => read.has(name)))
  return { ...two.model, graph: { ...graph, nodes: inOrder(nodes), initializers: kept } }
}

/** The shape for a Reshape that holds for every number of rows, where one axis of the result depends on it. */
function openReshape(node: Node, two: Specialised, three: Specialised): Tensor | undefined {
  if (node.op !== 'Reshape' || node.domain !== '') return undefined
  const [a, b] = [two, three].map((each) => each.valueOf(node.outputs[0]!).dims)
  const axis = axisOfBatch(a!, b!)?.axis
  return axis === undefined ? undefined : integerTensor(a!.map((size, i) => (i === axis ? -1 : size)))
}

const sameTensor = (a: Tensor, b: Tensor): boolean =>
  a.dims.length === b.dims.length &&
  a.dims.every((size, i) => size === b.dims[i]) &&
  (a.data as Float32Array).every((value, i) => Object.is(value, b.data[i]))
