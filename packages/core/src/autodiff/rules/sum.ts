import { type Backward, defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'

/** What a gradient brings to each of the summands that its node broadcast. */
export const throughSum = ({ ops, inputs, wants }: Backward, gradient: TypedValue): (TypedValue | undefined)[] =>
  inputs.map((input, i) => (wants(i) ? ops.sumTo(gradient, input!.dims) : undefined))

/** `∂(A + B + …) = ∂A + ∂B + …`. */
export const sum = defineRule({
  operator: 'Sum',
  through: ['data_0'],
  backward: (call) => throughSum(call, call.gradients[0]!),
})
