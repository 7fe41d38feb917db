import type { ElementType } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** `x` kept within bounds, either of which may be left out: one pass over memory, and cheaper than `Where`. */
export function clamp(
  ops: Ops,
  x: TypedValue,
  { min, max }: { readonly min?: number; readonly max?: number },
): TypedValue {
  const bounds = [min, max].map((bound) => (bound === undefined ? undefined : ops.scalar(bound, x)))
  return ops.node('Clip', [x, ...bounds], { dims: x.dims })
}

/** The smallest positive number of full precision in the type of `x`: `1/tiny(x)` is finite. */
export const tiny = (x: TypedValue): number => SMALLEST[x.type] ?? 2 ** -126

const SMALLEST: Partial<Record<ElementType, number>> = { float64: 2 ** -1022, float16: 2 ** -14 }
