import { defineRule } from '../rule.ts'
import { throughSum } from './sum.ts'

/** `∂((A₁ + … + Aₙ)/n) = (∂A₁ + … + ∂Aₙ)/n`. */
export const mean = defineRule({
  operator: 'Mean',
  through: ['data_0'],
  backward: (call) => throughSum(call, call.ops.scale(call.gradients[0]!, 1 / call.inputs.length)),
})
