import { gatedCell } from '../recurrent/gated-cell.ts'
import { LIMITS } from '../recurrent/layer.ts'
import { layerGradient } from '../recurrent/layer-gradient.ts'
import { defineRule } from '../rule.ts'

/** See `gatedCell` for the formulas. */
export const gru = defineRule({
  operator: 'GRU',
  through: ['X', 'W', 'R', 'B', 'initial_h'],
  limits: LIMITS,
  backward: (call) => layerGradient(call, gatedCell),
})
