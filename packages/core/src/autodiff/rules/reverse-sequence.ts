import { defineRule } from '../rule.ts'

/** The gradient's sequences, reversed again. */
export const reverseSequence = defineRule({
  operator: 'ReverseSequence',
  through: ['input'],
  backward: ({ node, ops, inputs, gradients }) => [
    ops.node('ReverseSequence', [gradients[0], inputs[1]], inputs[0]!, node.attributes),
  ],
})
