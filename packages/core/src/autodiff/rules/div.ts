import { defineRule } from '../rule.ts'
import { sameDims } from '../typed-value.ts'
import { nonZero } from './non-zero.ts'

/**
 * `∂(A/B) = ∂A / B − A ∂B / B²`. Where `B` is 0 and the quotient does not matter (a masked place), the gradient is 0.
 */
export const div = defineRule({
  operator: 'Div',
  through: ['A', 'B'],
  backward({ ops, inputs, gradients, wants, known }) {
    const gradient = gradients[0]!
    const [a, b] = [inputs[0]!, inputs[1]!]
    const numbers = known(b)?.data as ArrayLike<unknown> | undefined
    const safe = numbers !== undefined && !Array.from(numbers, Number).includes(0)
    const divisor = safe ? b : nonZero(ops, b)
    const quotient = wants(0) || sameDims(gradient.dims, b.dims) ? ops.div(gradient, divisor) : undefined
    const byDivisor = () => {
      const whole = sameDims(gradient.dims, b.dims)
      // Summing before dividing leaves less to divide.
      const product = whole ? ops.mul(quotient!, a) : ops.div(ops.sumTo(ops.mul(gradient, a), b.dims), divisor)
      return ops.neg(ops.div(product, divisor))
    }
    return [wants(0) ? ops.sumTo(quotient!, a.dims) : undefined, wants(1) ? byDivisor() : undefined]
  },
})
