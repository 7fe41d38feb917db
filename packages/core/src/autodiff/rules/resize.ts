import { integerTensor, sizeOf, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import { defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { resizedAxes } from './resize-attributes.ts'
import { type Taps, tapsOf } from './resize-taps.ts'
import { sumRows } from './row-sums.ts'

/** Above this length a matrix along an axis is slower than a pass for each place that a sum is taken over. */
const LONG = 256

/**
 * `Y = X ×₁ M₁ ×₂ M₂ …`, one matrix per axis whose rows say how each place of the output weighs those of the input; so
 * `∂X = ∂Y ×₁ M₁ᵀ ×₂ M₂ᵀ …`. Where every place is repeated a whole number of times that is a sum over the copies.
 */
export const resize = defineRule({
  operator: 'Resize',
  through: ['X'],
  limits: 'roi, scales and sizes must not depend on the data',
  backward(call) {
    const { ops, inputs, gradients } = call
    const [{ dims }, gradient] = [inputs[0]!, gradients[0]!]
    // ONNX Runtime copies where no length changes, whatever the scales or the crop.
    if (dims.every((dim, axis) => dim === gradient.dims[axis])) return [gradient]
    const taps = resizedAxes(call).map(({ axis, ...form }) => ({ axis, taps: tapsOf(form) }))
    const repeats = dims.map((dim, axis) => {
      const own = taps.find((each) => each.axis === axis)?.taps
      return own === undefined ? 1 : (repetitions(own, dim) ?? 1)
    })
    const summed = sumCopies(ops, gradient, repeats)
    const mixed = taps.filter(({ axis }) => repeats[axis] === 1).sort((a, b) => b.axis - a.axis)
    return [mixed.reduce((x, { axis, taps }) => back(ops, x, axis, dims[axis]!, taps), summed)]
  },
})

/** How often each place is repeated, where that is all that happens to an axis. */
function repetitions(taps: Taps, length: number): number | undefined {
  const times = taps.length / length
  if (!Number.isInteger(times)) return undefined
  return taps.every((row, i) => row.length === 1 && row[0]!.place === Math.floor(i / times) && row[0]!.weight === 1)
    ? times
    : undefined
}

/** Sums over `repeats[axis]` neighbours along each axis. */
function sumCopies(ops: Ops, x: TypedValue, repeats: readonly number[]): TypedValue {
  const split: number[] = []
  const copies: number[] = []
  x.dims.forEach((dim, axis) => {
    split.push(dim / repeats[axis]!)
    if (repeats[axis]! > 1) copies.push(split.push(repeats[axis]!) - 1)
  })
  return ops.reduce('ReduceSum', ops.reshape(x, split), copies, false)
}

/** The product with the transposed matrix of an axis, which is `length` long afterwards. */
function back(ops: Ops, x: TypedValue, axis: number, length: number, taps: Taps): TypedValue {
  const [outer, inner] = [sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis + 1))]
  const dims = x.dims.with(axis, length)
  if (length > LONG) return ops.reshape(byTaps(ops, ops.reshape(x, [outer, taps.length, inner]), length, taps), dims)
  if (inner === 1) {
    return ops.reshape(ops.matmul(ops.reshape(x, [outer, taps.length]), matrix(ops, x, length, taps, false)), dims)
  }
  const product = ops.matmul(matrix(ops, x, length, taps, true), ops.reshape(x, [outer, taps.length, inner]))
  return ops.reshape(product, dims)
}

/** Output × input, or transposed. */
function matrix(ops: Ops, like: TypedValue, length: number, taps: Taps, transposed: boolean): TypedValue {
  const numbers = new Float64Array(taps.length * length)
  taps.forEach((row, i) => {
    for (const { place, weight } of row) numbers[transposed ? place * taps.length + i : i * length + place]! += weight
  })
  return constant(ops, like, transposed ? [length, taps.length] : [taps.length, length], numbers)
}

/** For each of the places that a row sums over, the rows times its weight, added where it lies. */
function byTaps(ops: Ops, rows: TypedValue, length: number, taps: Taps): TypedValue {
  const most = Math.max(...taps.map((row) => row.length))
  const parts = Array.from({ length: most }, (_, k) => {
    const weights = taps.map((row) => row[k]?.weight ?? 0)
    const places = integerTensor(taps.map((row, i) => row[k]?.place ?? Math.floor((i * length) / taps.length)))
    const weighted = ops.mul(rows, constant(ops, rows, [taps.length, 1], weights))
    return sumRows(ops, { rows: weighted, places: ops.constant(places), known: places, length })
  })
  return ops.sum(parts)
}

/** Numbers of the type of `like`. */
const constant = (ops: Ops, like: TypedValue, dims: number[], numbers: ArrayLike<number>): TypedValue =>
  ops.constant(
    like.type === 'float64'
      ? tensor('float64', dims, Float64Array.from(numbers))
      : tensor('float32', dims, Float32Array.from(numbers)),
  )
