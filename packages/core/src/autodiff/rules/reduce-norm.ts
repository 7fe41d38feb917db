import { defineRule } from '../rule.ts'
import { nonZero } from './non-zero.ts'
import { reductionParts } from './reduced-axes.ts'

/** `y = Σ |xᵢ|`: `∂xᵢ = sign(xᵢ) ∂y`, zero at 0. */
export const reduceL1 = defineRule({
  operator: 'ReduceL1',
  through: ['data'],
  backward(call) {
    const { x, gradient } = reductionParts(call)
    return [call.ops.mul(call.ops.unary('Sign', x), gradient)]
  },
})

/** `y = √(Σ xᵢ²)`: `∂xᵢ = xᵢ ∂y / y`, zero where `y` is. */
export const reduceL2 = defineRule({
  operator: 'ReduceL2',
  through: ['data'],
  backward(call) {
    const { ops } = call
    const { x, y, gradient } = reductionParts(call)
    return [ops.mul(x, ops.div(gradient, nonZero(ops, y)))]
  },
})

/** `y = Σ xᵢ²`: `∂xᵢ = 2 xᵢ ∂y`. */
export const reduceSumSquare = defineRule({
  operator: 'ReduceSumSquare',
  through: ['data'],
  backward(call) {
    const { x, gradient } = reductionParts(call)
    return [call.ops.mul(x, call.ops.scale(gradient, 2))]
  },
})
