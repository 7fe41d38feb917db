import { LIMITS } from '../recurrent/layer.ts'
import { layerGradient } from '../recurrent/layer-gradient.ts'
import { memoryCell } from '../recurrent/memory-cell.ts'
import { defineRule } from '../rule.ts'

/** See `memoryCell` for the formulas. */
export const lstm = defineRule({
  operator: 'LSTM',
  through: ['X', 'W', 'R', 'B', 'initial_h', 'initial_c', 'P'],
  limits: LIMITS,
  backward: (call) => layerGradient(call, memoryCell),
})
