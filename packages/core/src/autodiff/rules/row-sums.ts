import { int, text } from '../../onnx/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { placesFromFront, sumKnownRows } from './known-rows.ts'
import { zeros } from './pad-along.ts'

/** Rows and where each belongs. */
export interface Rows {
  /** `outer × count × inner`: in each of `outer` parts, `count` rows of `inner` numbers. */
  readonly rows: TypedValue
  /** For each of the `count` rows a place in 0 … length − 1, or a negative one counted from the end; any shape. */
  readonly places: TypedValue
  /** The places' numbers where no run changes them. */
  readonly known: Tensor | undefined
  readonly length: number
}

/** Up to this many places a product with zeros and ones is faster than adding row after row. */
const FEW = 64

/**
 * `outer × length × inner`: at each place the sum of the rows that belong there, the gradient of gathering. Neither
 * `ScatterND`, which ONNX Runtime computes wrongly on several threads where it adds twice to one place (1.30), nor
 * `ScatterElements` along the first of two axes, which takes 3 times as long as over one flat axis.
 */
export function sumRows(ops: Ops, { rows, places, known, length }: Rows): TypedValue {
  const [outer, count, inner] = rows.dims as [number, number, number]
  const dims = [outer, length, inner]
  if (outer * count * inner * length === 0) return zeros(ops, rows, dims)
  const sums = known && sumKnownRows(ops, rows, placesFromFront(known, length), length)
  if (sums !== undefined) return sums
  return length <= FEW ? byProduct(ops, rows, places, length) : byScatter(ops, rows, places, length)
}

/** The product with the matrix that is one where a row belongs. */
function byProduct(ops: Ops, rows: TypedValue, places: TypedValue, length: number): TypedValue {
  const [outer, count, inner] = rows.dims as [number, number, number]
  const flat = ops.cast(ops.reshape(places, [count]), 'int64')
  const depth = ops.reshape(ops.integers([length]), [])
  const onOff = ops.constant(tensor('float32', [2], Float32Array.of(0, 1)))
  const oneHot = (axis: number, dims: number[]): TypedValue =>
    ops.cast(ops.node('OneHot', [flat, depth, onOff], { dims, type: 'float32' }, { axis: int(axis) }), rows.type)
  if (inner > 1) return ops.matmul(oneHot(0, [length, count]), rows)
  const product = ops.matmul(ops.reshape(rows, [outer, count]), oneHot(-1, [count, length]))
  return ops.reshape(product, [outer, length, 1])
}

/** Every number added to its own place in one flat axis. */
function byScatter(ops: Ops, rows: TypedValue, places: TypedValue, length: number): TypedValue {
  const [outer, count, inner] = rows.dims as [number, number, number]
  const size = outer * length * inner
  const fromFront = ops.node('Mod', [ops.cast(ops.reshape(places, [1, count, 1]), 'int64'), ops.integers([length])], {
    dims: [1, count, 1],
  })
  const starts = inner === 1 ? fromFront : ops.mul(fromFront, ops.integers([inner]))
  const within = Array.from({ length: outer * inner }, (_, i) => Math.floor(i / inner) * length * inner + (i % inner))
  const offsets = outer * inner === 1 ? starts : ops.add(starts, ops.reshape(ops.integers(within), [outer, 1, inner]))
  const sums = ops.node(
    'ScatterElements',
    [
      zeros(ops, rows, [size]),
      ops.reshape(offsets, [outer * count * inner]),
      ops.reshape(rows, [outer * count * inner]),
    ],
    { dims: [size] },
    { axis: int(0), reduction: text('add') },
  )
  return ops.reshape(sums, [outer, length, inner])
}
