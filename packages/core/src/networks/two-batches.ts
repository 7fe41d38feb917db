import { sizeOf, type Tensor } from '../tensor/index.ts'

/** One value in a run of two rows and in a run of three. */
export interface Pair {
  readonly two: Tensor
  readonly three: Tensor
}

/**
 * Where the batch is in a shape, told by the shapes in a run of two rows and in one of three: the only axis that differs,
 * and how many times the number of rows it has. Undefined where it cannot be told.
 */
export function axisOfBatch(
  two: readonly number[],
  three: readonly number[],
): { readonly axis: number; readonly factor: number } | undefined {
  if (two.length !== three.length) return undefined
  const [axis, ...others] = two.flatMap((size, i) => (size === three[i] ? [] : [i]))
  if (axis === undefined || others.length > 0) return undefined
  const factor = two[axis]! / 2
  return Number.isInteger(factor) && three[axis] === 3 * factor ? { axis, factor } : undefined
}

/** `slope · rows + offset`, for whole numbers whose shape does not depend on the number of rows. */
export function slopeOf({ two, three }: Pair): { readonly slope: Tensor; readonly offset: Tensor } | undefined {
  const { type, dims } = two
  if (type !== three.type || sizeOf(dims) !== sizeOf(three.dims) || dims.length !== three.dims.length) return undefined
  if (type !== 'int64' && type !== 'int32') return undefined
  const [a, b] = [two, three].map(({ data }) => Array.from(data as ArrayLike<bigint | number>, Number))
  const slope = a!.map((value, i) => b![i]! - value)
  return {
    slope: wholeTensor(type, dims, slope),
    offset: wholeTensor(
      type,
      dims,
      a!.map((value, i) => value - 2 * slope[i]!),
    ),
  }
}

const wholeTensor = (type: 'int64' | 'int32', dims: readonly number[], values: readonly number[]): Tensor =>
  type === 'int64'
    ? { type, dims, data: BigInt64Array.from(values, BigInt) }
    : { type, dims, data: Int32Array.from(values) }

/** The piece that a value repeats along one axis, as many times as there are rows. */
export function periodOf({ two, three }: Pair): { readonly axis: number; readonly piece: Tensor } | undefined {
  const { axis, factor } = axisOfBatch(two.dims, three.dims) ?? {}
  if (axis === undefined || factor === undefined || two.type !== three.type || two.type === 'packed') return undefined
  const inner = factor * sizeOf(two.dims.slice(axis + 1))
  const outer = sizeOf(two.dims.slice(0, axis))
  const at = (tensor: Tensor, rows: number, i: number, row: number, k: number): unknown =>
    tensor.data[(i * rows + row) * inner + k]
  for (let i = 0; i < outer; i++) {
    for (let k = 0; k < inner; k++) {
      const value = at(two, 2, i, 0, k)
      const same = Object.is(at(two, 2, i, 1, k), value)
      if (!same || [0, 1, 2].some((row) => !Object.is(at(three, 3, i, row, k), value))) return undefined
    }
  }
  const dims = two.dims.map((size, i) => (i === axis ? factor : size))
  const places = Array.from({ length: outer * inner }, (_, j) => Math.floor(j / inner) * 2 * inner + (j % inner))
  return { axis, piece: { ...two, dims, data: pick(two.data, places) } as Tensor }
}

/**
 * What the rows of a value have in common, where row `n` along `axis` is `first + n · step`: whole numbers that tell the
 * rows apart, as places in a table do.
 */
export function stepOf({
  two,
  three,
}: Pair): { readonly axis: number; readonly first: Tensor; readonly step: Tensor } | undefined {
  const { axis, factor } = axisOfBatch(two.dims, three.dims) ?? {}
  if (axis === undefined || factor !== 1 || two.type !== 'int64' || three.type !== 'int64') return undefined
  const inner = sizeOf(two.dims.slice(axis + 1))
  const outer = sizeOf(two.dims.slice(0, axis))
  const at = ({ data }: Tensor, rows: number, i: number, row: number): bigint[] =>
    Array.from((data as BigInt64Array).subarray((i * rows + row) * inner, (i * rows + row + 1) * inner))
  const places = Array.from({ length: outer }, (_, i) => i)
  const first = places.flatMap((i) => at(two, 2, i, 0))
  const step = places.flatMap((i) => at(two, 2, i, 1)).map((value, k) => value - first[k]!)
  const follows = [0, 1, 2].every((row) =>
    places.flatMap((i) => at(three, 3, i, row)).every((value, k) => value === first[k]! + BigInt(row) * step[k]!),
  )
  const dims = two.dims.map((size, i) => (i === axis ? 1 : size))
  const whole = (values: bigint[]): Tensor => ({ type: 'int64', dims, data: BigInt64Array.from(values) })
  return follows ? { axis, first: whole(first), step: whole(step) } : undefined
}

function pick(data: Tensor['data'], places: readonly number[]): Tensor['data'] {
  if (Array.isArray(data)) return places.map((place) => data[place]!)
  const result = data.slice(0, places.length) as Float32Array
  for (const [i, place] of places.entries()) result[i] = (data as Float32Array)[place]!
  return result
}
