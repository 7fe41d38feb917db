import { defineRule } from '../rule.ts'
import { scatterGradients } from './scatter-gradients.ts'

/** See `scatterGradients`. */
export const scatterND = defineRule({
  operator: 'ScatterND',
  through: ['data', 'updates'],
  limits: 'reduction none or add',
  backward: (call) => scatterGradients(call, 'GatherND'),
})
