import { defineRule, type Rule } from '../rule.ts'

/** The rule of an operator that gives the elements of `input` in their order and another shape. */
export const sameElements = (operator: string, input: string): Rule =>
  defineRule({
    operator,
    through: [input],
    backward: ({ ops, inputs, gradients }) => [ops.reshape(gradients[0]!, inputs[0]!.dims)],
  })
