import { int, ints } from '../onnx/index.ts'
import { type ElementType, sizeOf, type Tensor } from '../tensor/index.ts'
import { joinDisjoint, type Padded } from './join-disjoint.ts'
import { broadcastDims, frontAxis, sameDims, type TypedValue } from './typed-value.ts'
import type { Attributes, GraphWriter, OutputForm } from './writer.ts'

type Optional = TypedValue | undefined
type Binary = (a: TypedValue, b: TypedValue) => TypedValue
type Unary = (x: TypedValue) => TypedValue

/** The reductions of ONNX. */
export type Reduction = 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd' | 'ReduceLogSumExp'

export interface SliceRange {
  readonly axis: number
  readonly start: number
  /** Exclusive; a negative step may end at −1, before the first element. */
  readonly end: number
  readonly step?: number
}

/** Operators that know the shape of what they give, in the forms that are the same from opset 18 on. */
export interface Ops {
  readonly writer: GraphWriter
  /** Any operator with one output; the type is the first input's unless `form` says otherwise. */
  node(op: string, inputs: readonly Optional[], form: OutputForm, attributes?: Attributes): TypedValue
  /** Any operator with several outputs. */
  nodes(op: string, inputs: readonly Optional[], forms: readonly OutputForm[], attributes?: Attributes): TypedValue[]
  constant(tensor: Tensor): TypedValue
  /** A scalar of the type of `like`. */
  scalar(value: number, like: TypedValue): TypedValue
  integers(values: readonly number[]): TypedValue
  add: Binary
  sub: Binary
  mul: Binary
  div: Binary
  /** `x · factor`, `x` itself for 1. */
  scale(x: TypedValue, factor: number): TypedValue
  neg: Unary
  /** An operator of one input that keeps shape and type. */
  unary(op: string, x: TypedValue, attributes?: Attributes): TypedValue
  /** `Greater`, `Equal` and so on: a bool of the broadcast shape. */
  compare(op: string, a: TypedValue, b: TypedValue): TypedValue
  where(condition: TypedValue, a: TypedValue, b: TypedValue): TypedValue
  cast(x: TypedValue, type: ElementType): TypedValue
  /** `condition` (bool) as 0 and 1 of the type of `like`. */
  indicator(condition: TypedValue, like: TypedValue): TypedValue
  /** The matrix product over the last two dimensions, those before broadcast; both of rank 2 or more. */
  matmul: Binary
  /** `α op(a) op(b) + c` of matrices. */
  gemm(a: TypedValue, b: TypedValue, form?: GemmForm): TypedValue
  reduce(op: Reduction, x: TypedValue, axes: readonly number[], keepDims: boolean): TypedValue
  /** Sums what broadcasting repeated: the gradient of `dims` from the gradient of the shape it was broadcast to. */
  sumTo(x: TypedValue, dims: readonly number[]): TypedValue
  expand(x: TypedValue, dims: readonly number[]): TypedValue
  /** `x` itself where the shape is the same already. */
  reshape(x: TypedValue, dims: readonly number[]): TypedValue
  /** `x` itself where nothing moves. */
  transpose(x: TypedValue, permutation: readonly number[]): TypedValue
  /** Swaps the last two dimensions. */
  swap: Unary
  slice(x: TypedValue, ranges: readonly SliceRange[]): TypedValue
  /** Zeros around `x`: `begins` and `ends` per dimension, none negative. */
  pad(x: TypedValue, begins: readonly number[], ends: readonly number[]): TypedValue
  concat(parts: readonly TypedValue[], axis: number): TypedValue
  /** The sum of one or more values of one shape; padded ones that do not overlap are put side by side instead. */
  sum(parts: readonly TypedValue[]): TypedValue
}

export interface GemmForm {
  readonly transA?: boolean
  readonly transB?: boolean
  readonly c?: TypedValue
}

/** Operators that write to `writer`. */
export function opsOf(writer: GraphWriter): Ops {
  const one = (op: string, inputs: readonly Optional[], form: OutputForm, attributes?: Attributes): TypedValue =>
    writer.write(op, inputs, [form], attributes)[0]!
  const binary =
    (op: string): Binary =>
    (a, b) =>
      one(op, [a, b], { dims: broadcastDims(a.dims, b.dims) })
  const unary = (op: string, x: TypedValue, attributes?: Attributes) => one(op, [x], { dims: x.dims }, attributes)
  const padded = new Map<string, Padded>()
  const reshaped = new Map<string, TypedValue>()

  const ops: Ops = {
    writer,
    node: one,
    nodes: (op, inputs, forms, attributes) => writer.write(op, inputs, forms, attributes),
    constant: (tensor) => writer.constant(tensor),
    scalar: (value, like) => writer.scalar(value, like.type),
    integers: (values) => writer.integers(values),
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    scale: (x, factor) => (factor === 1 ? x : ops.mul(x, ops.scalar(factor, x))),
    neg: (x) => unary('Neg', x),
    unary,
    compare: (op, a, b) => one(op, [a, b], { dims: broadcastDims(a.dims, b.dims), type: 'bool' }),
    where: (condition, a, b) =>
      one('Where', [condition, a, b], {
        dims: broadcastDims(condition.dims, broadcastDims(a.dims, b.dims)),
        type: a.type,
      }),
    cast: (x, type) => (x.type === type ? x : one('Cast', [x], { dims: x.dims, type }, { to: int(CODES[type] ?? 1) })),
    indicator: (condition, like) => ops.cast(condition, like.type),
    matmul(a, b) {
      const batch = broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2))
      return one('MatMul', [a, b], { dims: [...batch, a.dims.at(-2)!, b.dims.at(-1)!] })
    },
    gemm(a, b, { transA = false, transB = false, c } = {}) {
      const dims = [a.dims[transA ? 1 : 0]!, b.dims[transB ? 0 : 1]!]
      return one('Gemm', [a, b, c], { dims }, { transA: int(Number(transA)), transB: int(Number(transB)) })
    },
    reduce(op, x, axes, keepDims) {
      if (axes.length === 0) return x
      const reduced = new Set(axes.map((axis) => frontAxis(axis, x.dims.length)))
      const dims = x.dims.flatMap((dim, i) => (reduced.has(i) ? (keepDims ? [1] : []) : [dim]))
      return one(op, [x, ops.integers([...reduced])], { dims }, { keepdims: int(Number(keepDims)) })
    },
    sumTo(x, dims) {
      if (sameDims(x.dims, dims)) return x
      const lead = x.dims.length - dims.length
      const axes = x.dims.flatMap((dim, i) => (i < lead || (dims[i - lead] === 1 && dim !== 1) ? [i] : []))
      const columns = sizeOf(x.dims.slice(axes.length))
      // Over the first axes, a product with a row of ones is two to ten times as fast as ReduceSum, and more precise.
      if (columns > 1 && axes.every((axis, i) => axis === i)) {
        const rows = sizeOf(x.dims.slice(0, axes.length))
        const ones = ops.expand(ops.scalar(1, x), [1, rows])
        return ops.reshape(ops.matmul(ones, ops.reshape(x, [rows, columns])), dims)
      }
      return ops.reshape(ops.reduce('ReduceSum', x, axes, false), dims)
    },
    expand: (x, dims) => (sameDims(x.dims, dims) ? x : one('Expand', [x, ops.integers(dims)], { dims })),
    reshape(x, dims) {
      if (sameDims(x.dims, dims)) return x
      const attributes = sizeOf(dims) === 0 ? { allowzero: int(1) } : {}
      const result = one('Reshape', [x, ops.integers(dims)], { dims }, attributes)
      reshaped.set(result.name, x)
      return result
    },
    transpose(x, permutation) {
      if (permutation.every((axis, i) => axis === i)) return x
      return one('Transpose', [x], { dims: permutation.map((axis) => x.dims[axis]!) }, { perm: ints(permutation) })
    },
    swap(x) {
      const last = x.dims.length - 1
      return ops.transpose(x, [...x.dims.keys()].slice(0, -2).concat(last, last - 1))
    },
    slice(x, ranges) {
      const used = ranges.filter(({ axis, start, end, step = 1 }) => start !== 0 || end !== x.dims[axis] || step !== 1)
      if (used.length === 0) return x
      const dims = [...x.dims]
      for (const { axis, start, end, step = 1 } of used) dims[axis] = Math.max(0, Math.ceil((end - start) / step))
      // An end of −1 would count from the back: before the first element is anything below −size.
      const ends = used.map(({ axis, end }) => (end < 0 ? -x.dims[axis]! - 1 : end))
      const lists = [used.map((r) => r.start), ends, used.map((r) => r.axis), used.map((r) => r.step ?? 1)]
      return one('Slice', [x, ...lists.map((list) => ops.integers(list))], { dims })
    },
    pad(x, begins, ends) {
      if ([...begins, ...ends].every((width) => width === 0)) return x
      const dims = x.dims.map((dim, i) => dim + begins[i]! + ends[i]!)
      const result = one('Pad', [x, ops.integers([...begins, ...ends])], { dims })
      padded.set(result.name, { from: x, begins, ends })
      return result
    },
    concat(parts, axis) {
      if (parts.length === 1) return parts[0]!
      const dims = [...parts[0]!.dims]
      dims[axis] = parts.reduce((size, part) => size + part.dims[axis]!, 0)
      return one('Concat', parts, { dims }, { axis: int(axis) })
    },
    sum(parts) {
      const [first, second] = parts as [TypedValue, ...TypedValue[]]
      if (second === undefined) return first
      const sources = parts.map(({ name }) => reshaped.get(name))
      if (sources.every((source) => source !== undefined && sameDims(source.dims, sources[0]!.dims))) {
        return ops.reshape(ops.sum(sources as TypedValue[]), first.dims)
      }
      const pads = parts.flatMap(({ name }) => padded.get(name) ?? [])
      const joined = joinDisjoint(pads, ops.concat, (like, dims) => ops.expand(ops.scalar(0, like), dims))
      if (joined.length < pads.length) {
        const others = parts.filter(({ name }) => !padded.has(name))
        return ops.sum([...joined.map(({ from, begins, ends }) => ops.pad(from, begins, ends)), ...others])
      }
      return parts.length === 2 ? ops.add(first, second) : one('Sum', parts, { dims: first.dims })
    },
  }
  return ops
}

/** ONNX's numbers of the types that casts go to. */
const CODES: Partial<Record<ElementType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
}
