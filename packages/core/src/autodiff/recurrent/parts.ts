import { int } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

type Parts<Lengths extends readonly number[]> = { -readonly [i in keyof Lengths]: TypedValue }

/** Cuts a value along an axis into parts of these lengths. */
export function partsOf<const Lengths extends readonly number[]>(
  ops: Ops,
  x: TypedValue,
  axis: number,
  lengths: Lengths,
): Parts<Lengths> {
  const forms = lengths.map((length) => ({ dims: x.dims.with(axis, length) }))
  return ops.nodes('Split', [x, ops.integers(lengths)], forms, { axis: int(axis) }) as Parts<Lengths>
}
