import { int } from '../../onnx/index.ts'
import { integerTensor, type Tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { zeros } from './pad-along.ts'

/** Places along an axis of `length`, negative ones counted from the end, as numbers counted from the front. */
export const placesFromFront = ({ data }: Tensor, length: number): number[] =>
  Array.from(data as ArrayLike<number | bigint>, (place) => Number(place) + (place < 0 ? length : 0))

/**
 * The sums of rows (`outer × count × inner`) that belong to known places: each place gathers its own
 * rows, then sums them. Undefined where one place has so many rows that gathering as many for each
 * costs more than adding row after row.
 */
export function sumKnownRows(
  ops: Ops,
  rows: TypedValue,
  places: readonly number[],
  length: number,
): TypedValue | undefined {
  const [outer, count, inner] = rows.dims as [number, number, number]
  const own: number[][] = Array.from({ length }, () => [])
  places.forEach((place, row) => void own[place]!.push(row))
  const most = Math.max(...own.map((list) => list.length))
  if (length * most > 4 * (count + length)) return undefined
  const absent = own.some((list) => list.length < most)
  const indices = own.flatMap((list) => [...list, ...new Array<number>(most - list.length).fill(count)])
  const source = absent ? ops.concat([rows, zeros(ops, rows, [outer, 1, inner])], 1) : rows
  const gathered = ops.node(
    'Gather',
    [source, ops.constant(integerTensor(indices))],
    { dims: [outer, indices.length, inner] },
    { axis: int(1) },
  )
  if (most === 1) return gathered
  return ops.reduce('ReduceSum', ops.reshape(gathered, [outer, length, most, inner]), [2], false)
}
