import { textOf } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { bell } from './erf.ts'
import { defineUnaryRule } from './unary-rule.ts'

/**
 * `y = x Φ(x)`: `Φ(x) + x φ(x)`, the normal distribution and its density. With `approximate="tanh"`, `Φ` is `σ(w)` with
 * `w = 2√(2/π) (x + 0.044715 x³)`, and the slope `σ(w) + y (1 − σ(w)) w′`.
 */
export const gelu = defineUnaryRule({
  operator: 'Gelu',
  through: ['X'],
  gradient: ({ ops, node, x, y, gradient }) =>
    ops.mul(gradient, textOf(node, 'approximate', 'none') === 'tanh' ? byTanh(ops, x, y) : exactly(ops, x)),
})

function exactly(ops: Ops, x: TypedValue): TypedValue {
  const z = ops.scale(x, Math.SQRT1_2)
  const half = ops.scalar(0.5, x)
  const distribution = ops.add(ops.mul(ops.unary('Erf', z), half), half)
  return ops.add(distribution, ops.mul(x, bell(ops, z, 1 / Math.sqrt(2 * Math.PI))))
}

function byTanh(ops: Ops, x: TypedValue, y: TypedValue): TypedValue {
  const factor = 2 * Math.sqrt(2 / Math.PI)
  const square = ops.mul(x, x)
  const linear = (slope: number) => ops.add(ops.scale(square, slope), ops.scalar(factor, x))
  const distribution = ops.unary('Sigmoid', ops.mul(x, linear(factor * 0.044715)))
  const rest = ops.mul(y, ops.sub(ops.scalar(1, x), distribution))
  return ops.add(distribution, ops.mul(rest, linear(3 * factor * 0.044715)))
}
