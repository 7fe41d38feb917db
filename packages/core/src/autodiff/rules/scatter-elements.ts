import { defineRule } from '../rule.ts'
import { scatterGradients } from './scatter-gradients.ts'

/** See `scatterGradients`. */
export const scatterElements = defineRule({
  operator: 'ScatterElements',
  through: ['data', 'updates'],
  limits: 'reduction none or add',
  backward: (call) => scatterGradients(call, 'GatherElements', call.node.attributes.axis),
})
