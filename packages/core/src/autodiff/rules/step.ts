import { float } from '../../onnx/index.ts'
import type { ElementType } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp } from './clamp.ts'

/** Carries what is not zero beyond 1: numbers above 1e-30 in float32, 1e-301 in float64, 1e-4 in float16. */
export const steepness = (x: TypedValue): number => SLOPES[x.type] ?? 2 ** 100

const SLOPES: Partial<Record<ElementType, number>> = { float64: 2 ** 1000, float16: 2 ** 15 }

/**
 * `above` where `x > 0`, `below` where `x < 0`, and at 0 what is between them and nearest to 0: a very steep line, cut
 * off. On 1.4 million float32 numbers ONNX Runtime takes less time for this than for comparing, and a third of what it
 * takes for `Where` or `Sign`.
 */
export function step(ops: Ops, x: TypedValue, below: number, above: number): TypedValue {
  if (x.type === 'float32' && below === 0 && above === 1) {
    return ops.unary('HardSigmoid', x, { alpha: float(steepness(x)), beta: float(0) })
  }
  const slope = below <= above ? steepness(x) : -steepness(x)
  return clamp(ops, ops.scale(x, slope), { min: Math.min(below, above), max: Math.max(below, above) })
}
