import { defineRule } from '../rule.ts'
import { reductionParts } from './reduced-axes.ts'

/**
 * `y = Π xᵢ`: `∂xᵢ = ∂y Πⱼ≠ᵢ xⱼ`. With `P` the product of the factors that are not zero, that is `P / xᵢ` where there is
 * no zero, `P` at the only zero, and nothing elsewhere.
 */
export const reduceProd = defineRule({
  operator: 'ReduceProd',
  through: ['data'],
  backward(call) {
    const { ops } = call
    const { x, gradient, axes } = reductionParts(call)
    const zeros = ops.indicator(ops.compare('Equal', x, ops.scalar(0, x)), x)
    const count = ops.reduce('ReduceSum', zeros, axes, true)
    const factors = ops.add(x, zeros)
    const product = ops.mul(gradient, ops.reduce('ReduceProd', factors, axes, true))
    const othersAreNotZero = ops.indicator(ops.compare('Equal', zeros, count), x)
    return [ops.mul(ops.div(product, factors), othersAreNotZero)]
  },
})
