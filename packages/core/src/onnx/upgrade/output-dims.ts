import type { Dimension, Node } from '../model.ts'
import { constantOf } from './constants.ts'
import type { Scope } from './scope.ts'

type Dims = readonly Dimension[]

/** The dimensions of a node's first output; `dimsOf(i)` are those of its input `i`. */
type Rule = (node: Node, dimsOf: (input: number) => Dims | undefined, known: Scope) => Dims | undefined

const unknown = (rank: number): Dims => new Array<null>(rank).fill(null)
const integer = (node: Node, name: string, otherwise: number): number => {
  const attribute = node.attributes[name]
  return attribute?.type === 'int' ? Number(attribute.value) : otherwise
}

/** Whole numbers that stand in an attribute or, in later forms, in a constant input. */
function integers(node: Node, known: Scope, name: string, input: number): readonly number[] | undefined {
  const attribute = node.attributes[name]
  if (attribute?.type === 'ints') return attribute.value.map(Number)
  const constant = known.find(node.inputs[input]).constant
  return constant?.type === 'int64' ? Array.from(constant.data as BigInt64Array, Number) : undefined
}

const same: Rule = (_, dimsOf) => dimsOf(0)
const sameRank: Rule = (_, dimsOf) => {
  const x = dimsOf(0)
  return x && unknown(x.length)
}
const matrix: Rule = () => unknown(2)
const onePerChannel: Rule = (_, dimsOf) => dimsOf(0)?.map((dim, i) => (i < 2 ? dim : 1))

const broadcast: Rule = (node, dimsOf) => {
  const all = node.inputs.map((_, i) => dimsOf(i))
  if (!all.every((dims) => dims !== undefined)) return undefined
  const rank = Math.max(...all.map((dims) => dims.length))
  return Array.from({ length: rank }, (_, i) => {
    const others = all
      .map((dims) => (dims.length + i < rank ? 1 : dims[dims.length + i - rank]!))
      .filter((d) => d !== 1)
    return others.length === 0 ? 1 : (others.find((dim) => typeof dim === 'number') ?? null)
  })
}

const matMul: Rule = (_, dimsOf) => {
  const [a, b] = [dimsOf(0), dimsOf(1)]
  if (a === undefined || b === undefined || a.length < 2 || b.length < 2) return undefined
  return [...unknown(Math.max(a.length, b.length) - 2), a.at(-2)!, b.at(-1)!]
}

const reshape: Rule = (node, dimsOf, known) => {
  const sizes = integers(node, known, 'shape', 1)
  if (sizes !== undefined) return sizes.map((size) => (size > 0 ? size : null))
  const rank = dimsOf(1)?.[0]
  return typeof rank === 'number' ? unknown(rank) : undefined
}

const transpose: Rule = (node, dimsOf) => {
  const [x, order] = [dimsOf(0), node.attributes.perm]
  return x && order?.type === 'ints' ? order.value.map((axis) => x[Number(axis)]!) : x?.toReversed()
}

const concat: Rule = (node, dimsOf) => {
  const all = node.inputs.map((_, i) => dimsOf(i))
  const first = all[0]
  if (first === undefined) return undefined
  const axis = (integer(node, 'axis', 0) + first.length) % first.length
  const sizes = all.map((dims) => dims?.[axis])
  const sum = sizes.every((size) => typeof size === 'number') ? sizes.reduce((a, b) => a + b, 0) : null
  return first.map((dim, i) => (i === axis ? sum : dim))
}

const unsqueeze: Rule = (node, dimsOf, known) => {
  const [x, axes] = [dimsOf(0), integers(node, known, 'axes', 1)]
  if (x === undefined || axes === undefined) return undefined
  const rank = x.length + axes.length
  const added = new Set(axes.map((axis) => (axis + rank) % rank))
  const rest = x.values()
  return Array.from({ length: rank }, (_, i) => (added.has(i) ? 1 : (rest.next().value ?? null)))
}

const squeeze: Rule = (node, dimsOf, known) => {
  const [x, axes] = [dimsOf(0), integers(node, known, 'axes', 1)]
  return axes && x?.filter((_, i) => !axes.includes(i) && !axes.includes(i - x.length))
}

const reduce: Rule = (node, dimsOf, known) => {
  const [x, axes] = [dimsOf(0), integers(node, known, 'axes', 1)]
  if (x === undefined || axes === undefined) return undefined
  const reduced = x.map((_, i) => axes.includes(i) || axes.includes(i - x.length))
  if (integer(node, 'keepdims', 1) === 0) return x.filter((_, i) => !reduced[i])
  return x.map((dim, i) => (reduced[i] ? 1 : dim))
}

const gather: Rule = (_, dimsOf) => {
  const [data, indices] = [dimsOf(0), dimsOf(1)]
  return data && indices && unknown(data.length + indices.length - 1)
}

const each = (ops: string, rule: Rule): Record<string, Rule> =>
  Object.fromEntries(ops.split(' ').map((op) => [op, rule]))

/** Operators that stand between the inputs of ordinary networks and their softmax, or in what computes shapes there. */
const rules: Readonly<Record<string, Rule>> = {
  ...each('Relu LeakyRelu PRelu Elu Selu Celu HardSigmoid HardSwish Sigmoid Softplus Softsign Tanh Erf Clip', same),
  ...each('Abs Neg Exp Log Sqrt Reciprocal Floor Ceil Round Not Cast Identity Dropout', same),
  ...each('Softmax LogSoftmax Hardmax BatchNormalization InstanceNormalization LayerNormalization LRN', same),
  ...each('Conv ConvTranspose MaxPool AveragePool LpPool Upsample Resize Pad Slice DepthToSpace', sameRank),
  ...each('GlobalAveragePool GlobalMaxPool GlobalLpPool', onePerChannel),
  ...each('Flatten Gemm', matrix),
  ...each('Add Sub Mul Div Pow Mod And Or Xor Equal Greater Less Where Min Max Sum Mean', broadcast),
  ...each('ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2', reduce),
  MatMul: matMul,
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Gather: gather,
  Shape: (_, dimsOf) => dimsOf(0) && [dimsOf(0)!.length],
  Constant: (node) => constantOf(node)?.dims,
}

/** The dimensions of a node's first output as far as they follow from its inputs; undefined where the rank does not. */
export function outputDims(node: Node, known: Scope): Dims | undefined {
  const rule = node.domain === '' ? rules[node.op] : undefined
  return rule?.(node, (input) => known.find(node.inputs[input]).dims, known)
}
