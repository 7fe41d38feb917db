import { defineRule } from '../rule.ts'
import { throughSum } from './sum.ts'

/** `∂(A + B) = ∂A + ∂B`. */
export const add = defineRule({
  operator: 'Add',
  through: ['A', 'B'],
  backward: (call) => throughSum(call, call.gradients[0]!),
})
