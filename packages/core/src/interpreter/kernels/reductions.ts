import { sizeOf } from '../../tensor/index.ts'
import { normaliseAxes, permute } from '../indexing.ts'
import { input, intOf, intsFrom, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** One number for the `length` numbers of `x` from `start` on. */
type Reduce = (x: Float64Array, start: number, length: number) => number

/**
 * A reduction over some axes, all of them, or none: then each number is reduced by itself. The axes became an input in
 * operator set `since`.
 */
const over =
  (reduce: Reduce, since = 18): Kernel =>
  (call) => {
    const x = input(call, 0)
    const rank = x.dims.length
    const given = intsFrom(call, 'axes', 1, since) ?? []
    const all = given.length === 0 && intOf(call, 'noop_with_empty_axes', 0) === 0
    const axes = all ? x.dims.map((_, axis) => axis) : normaliseAxes(given, rank)
    const kept = x.dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
    const data = permute(x.data, x.dims, [...kept, ...axes])
    const length = sizeOf(axes.map((axis) => x.dims[axis]))
    const dims =
      intOf(call, 'keepdims', 1) === 1
        ? x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
        : kept.map((axis) => x.dims[axis])
    const result = value(x.kind, dims)
    for (let i = 0; i < result.data.length; i++) {
      const reduced = reduce(data, i * length, length)
      result.data[i] = x.kind === 'int' ? Math.trunc(reduced) : reduced
    }
    return [result]
  }

const sum: Reduce = (x, start, length) => {
  let total = 0
  for (let i = start; i < start + length; i++) total += x[i]
  return total
}
const sumOfSizes: Reduce = (x, start, length) => {
  let total = 0
  for (let i = start; i < start + length; i++) total += Math.abs(x[i])
  return total
}
const sumOfSquares: Reduce = (x, start, length) => {
  let total = 0
  for (let i = start; i < start + length; i++) total += x[i] * x[i]
  return total
}
const product: Reduce = (x, start, length) => {
  let total = 1
  for (let i = start; i < start + length; i++) total *= x[i]
  return total
}
const largest: Reduce = (x, start, length) => {
  let most = -Infinity
  for (let i = start; i < start + length; i++) most = Math.max(most, x[i])
  return most
}
const smallest: Reduce = (x, start, length) => {
  let least = Infinity
  for (let i = start; i < start + length; i++) least = Math.min(least, x[i])
  return least
}
const logOfSumOfExponentials: Reduce = (x, start, length) => {
  const most = largest(x, start, length)
  if (!Number.isFinite(most)) return most
  let total = 0
  for (let i = start; i < start + length; i++) total += Math.exp(x[i] - most)
  return most + Math.log(total)
}

/** Sums, extremes and norms over axes. */
export const reductions: Kernels = {
  ReduceSum: over(sum, 13),
  ReduceMean: over((x, start, length) => sum(x, start, length) / length),
  ReduceMax: over(largest),
  ReduceMin: over(smallest),
  ReduceProd: over(product),
  ReduceL1: over(sumOfSizes),
  ReduceL2: over((x, start, length) => Math.sqrt(sumOfSquares(x, start, length))),
  ReduceSumSquare: over(sumOfSquares),
  ReduceLogSum: over((x, start, length) => Math.log(sum(x, start, length))),
  ReduceLogSumExp: over(logOfSumOfExponentials),
}
