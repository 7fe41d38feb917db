import { LIMITS } from '../recurrent/layer.ts'
import { layerGradient } from '../recurrent/layer-gradient.ts'
import { plainCell } from '../recurrent/plain-cell.ts'
import { defineRule } from '../rule.ts'

/** See `plainCell` for the formulas. */
export const rnn = defineRule({
  operator: 'RNN',
  through: ['X', 'W', 'R', 'B', 'initial_h'],
  limits: LIMITS,
  backward: (call) => layerGradient(call, plainCell),
})
