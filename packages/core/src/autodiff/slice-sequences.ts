import { constantOf, type Graph, int, intOf, type Node, uniqueNames } from '../onnx/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'

/**
 * The graph with each `SequenceAt` of a `SplitToSequence` replaced by the slice of the input that it takes, where the
 * sizes of the parts and the position are stored in the graph. Exporters write `chunk` and `split` in this way; sequences
 * themselves cannot be differentiated, nor given back by a run.
 */
export function sliceSequences(graph: Graph): Graph {
  const splits = new Map(
    graph.nodes.filter((node) => isOwn(node, 'SplitToSequence')).map((node) => [node.outputs[0]!, node]),
  )
  if (splits.size === 0) return graph
  const constants = new Map(graph.nodes.map((node) => [node.outputs[0] ?? '', constantOf(node)]))
  const numbersOf = (name: string): number[] | undefined => {
    const tensor = graph.initializers.get(name) ?? constants.get(name)
    return tensor === undefined ? undefined : Array.from(tensor.data as ArrayLike<bigint>, Number)
  }
  const fresh = uniqueNames(graph)
  const initializers = new Map(graph.initializers)
  const store = (tensor: Tensor): string => {
    const name = fresh('part')
    initializers.set(name, tensor)
    return name
  }
  const replaced = graph.nodes.map((node) => {
    const split = isOwn(node, 'SequenceAt') ? splits.get(node.inputs[0] ?? '') : undefined
    const [position] = split === undefined ? [] : (numbersOf(node.inputs[1] ?? '') ?? [])
    return split === undefined || position === undefined ? node : (part(node, split, position) ?? node)
  })
  const read = new Set([...replaced.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)])
  const nodes = replaced.filter((node) => !isOwn(node, 'SplitToSequence') || read.has(node.outputs[0]!))
  return { ...graph, nodes, initializers }

  /** The node that takes one part of what is split; undefined where its bounds are not known. */
  function part(at: Node, split: Node, position: number): Node | undefined {
    const [input = '', sizes = ''] = split.inputs
    const axis = intOf(split, 'axis', 0)
    if (sizes === '' && intOf(split, 'keepdims', 1) === 0) {
      const index = store({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(position)) })
      return { ...at, op: 'Gather', inputs: [input, index], attributes: { axis: int(axis) } }
    }
    const bounds = sizes === '' ? single(position) : boundsOf(sizes, position)
    if (bounds === undefined) return undefined
    return { ...at, op: 'Slice', inputs: [input, ...[...bounds, axis].map((bound) => store(integerTensor([bound])))] }
  }

  function boundsOf(sizes: string, position: number): readonly [number, number] | undefined {
    const numbers = numbersOf(sizes)
    if (numbers === undefined) return undefined
    const scalar = (graph.initializers.get(sizes) ?? constants.get(sizes))!.dims.length === 0
    if (scalar) return position < 0 ? undefined : [position * numbers[0]!, (position + 1) * numbers[0]!]
    const before = numbers.slice(0, position).reduce((sum, size) => sum + size, 0)
    return [before, before + numbers.at(position)!]
  }
}

const isOwn = (node: Node, op: string): boolean => node.op === op && node.domain === ''

const TO_THE_END = 2 ** 31 - 1

/** One position, which may count from the end. */
const single = (position: number): readonly [number, number] => [position, position === -1 ? TO_THE_END : position + 1]
