import { defineRule } from '../rule.ts'

/** The gradient, summed over what was repeated. */
export const expand = defineRule({
  operator: 'Expand',
  through: ['input'],
  backward: ({ ops, inputs, gradients }) => [ops.sumTo(gradients[0]!, inputs[0]!.dims)],
})
