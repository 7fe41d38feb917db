import { MARKERS, REVERSE_GRADIENT } from '../markers.ts'
import { defineRule } from '../rule.ts'

/** The identity, with `−factor` for its derivative (Ganin 2016, eq. 10). */
export const reverseGradientRule = defineRule({
  operator: REVERSE_GRADIENT,
  domain: MARKERS,
  through: ['X'],
  backward: ({ ops, inputs, gradients }) => [ops.mul(gradients[0]!, ops.neg(inputs[1]!))],
})
