import { floatOf, intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { groupsGradient } from './groups-gradient.ts'

/** `Y = X̂ scale + bias`, `X̂` of mean 0 and variance 1 over each group of channels; see `groupsGradient`. */
export const groupNormalization = defineRule({
  operator: 'GroupNormalization',
  through: ['X', 'scale', 'bias'],
  backward: (call) => groupsGradient(call, intOf(call.node, 'num_groups', 1), floatOf(call.node, 'epsilon', 1e-5)),
})

/** Each channel is a group. */
export const instanceNormalization = defineRule({
  operator: 'InstanceNormalization',
  through: ['input', 'scale', 'B'],
  backward: (call) => groupsGradient(call, call.inputs[0]!.dims[1]!, floatOf(call.node, 'epsilon', 1e-5)),
})
