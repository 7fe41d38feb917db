import { float } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** Rows of mean 0 and variance `v / (v + ε)`. */
export interface StandardisedRows {
  /** `R × D`: `x̂ = (x − μ) s`. */
  readonly rows: TypedValue
  /** `R × 1`: `s = 1 / √(v + ε)`. */
  readonly inverse: TypedValue
}

/** Standardises the rows of `R × D`, in one pass in float32. */
export function standardisedRows(ops: Ops, x: TypedValue, epsilon: number): StandardisedRows {
  const [count, length] = x.dims as [number, number]
  if (x.type === 'float32') {
    const ones = ops.expand(ops.scalar(1, x), [length])
    const forms = [{ dims: x.dims }, { dims: [count, 1] }, { dims: [count, 1] }]
    const attributes = { axis: { type: 'int', value: 1 } as const, epsilon: float(epsilon) }
    const [rows, , inverse] = ops.nodes('LayerNormalization', [x, ones], forms, attributes)
    return { rows: rows!, inverse: inverse! }
  }
  // In float64, ONNX Runtime gives the means and deviations of LayerNormalization in float32.
  const centred = ops.sub(x, ops.reduce('ReduceMean', x, [1], true))
  const variance = ops.reduce('ReduceMean', ops.mul(centred, centred), [1], true)
  const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(variance, ops.scalar(epsilon, x))))
  return { rows: ops.mul(centred, inverse), inverse }
}
