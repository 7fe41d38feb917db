import { defineRule } from '../rule.ts'
import { reductionParts } from './reduced-axes.ts'
import { repeated } from './repeated.ts'

/** `y = ln Σ xᵢ`: `∂xᵢ = ∂y e⁻ʸ`. */
export const reduceLogSum = defineRule({
  operator: 'ReduceLogSum',
  through: ['data'],
  backward(call) {
    const { ops } = call
    const { x, y, gradient } = reductionParts(call)
    return [repeated(ops, ops.mul(gradient, ops.unary('Exp', ops.neg(y))), x.dims)]
  },
})

/** `y = ln Σ exp xᵢ`: `∂xᵢ = ∂y exp(xᵢ − y)`, zero where every `xᵢ` is −∞. */
export const reduceLogSumExp = defineRule({
  operator: 'ReduceLogSumExp',
  through: ['data'],
  backward(call) {
    const { ops } = call
    const { x, y, gradient } = reductionParts(call)
    const least = ops.scalar(x.type === 'float64' ? -Number.MAX_VALUE : -LARGEST_FLOAT32, x)
    const finite = ops.node('Max', [y, least], { dims: y.dims })
    return [ops.mul(ops.unary('Exp', ops.sub(x, finite)), gradient)]
  },
})

const LARGEST_FLOAT32 = 3.4028234663852886e38
