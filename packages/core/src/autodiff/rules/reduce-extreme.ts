import { defineRule, type Rule } from '../rule.ts'
import { reductionParts } from './reduced-axes.ts'

/** The largest or smallest of some numbers: `∂y` goes to those that equal it, in equal shares. */
const extreme = (operator: string): Rule =>
  defineRule({
    operator,
    through: ['data'],
    backward(call) {
      const { ops } = call
      const { x, y, gradient, axes } = reductionParts(call)
      const chosen = ops.indicator(ops.compare('Equal', x, y), x)
      return [ops.mul(chosen, ops.div(gradient, ops.reduce('ReduceSum', chosen, axes, true)))]
    },
  })

/** `y = max xᵢ`. */
export const reduceMax = extreme('ReduceMax')

/** `y = min xᵢ`. */
export const reduceMin = extreme('ReduceMin')
