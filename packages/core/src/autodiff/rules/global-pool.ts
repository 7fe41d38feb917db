import { int, intOf } from '../../onnx/index.ts'
import { integerTensor, sizeOf } from '../../tensor/index.ts'
import { defineRule } from '../rule.ts'
import { lpParts } from './lp-parts.ts'
import { repeated } from './repeated.ts'

/** The mean of each channel: `∂X = ∂Y / n` at each of its `n` positions. */
export const globalAveragePool = defineRule({
  operator: 'GlobalAveragePool',
  through: ['X'],
  backward({ ops, inputs, gradients }) {
    const { dims } = inputs[0]!
    return [repeated(ops, gradients[0]!, dims, 1 / sizeOf(dims.slice(2)))]
  },
})

/** The largest number of each channel: `∂Y` goes to the first place that holds it. */
export const globalMaxPool = defineRule({
  operator: 'GlobalMaxPool',
  through: ['X'],
  backward({ ops, inputs, gradients }) {
    const { dims } = inputs[0]!
    const [batch, channels] = dims as [number, number]
    const size = sizeOf(dims.slice(2))
    const flat = ops.reshape(inputs[0]!, [batch, channels, size])
    const place = ops.node('ArgMax', [flat], { dims: [batch, channels, 1], type: 'int64' }, { axis: int(2) })
    const places = ops.constant(integerTensor([...Array(size).keys()]))
    const chosen = ops.indicator(ops.compare('Equal', place, places), flat)
    return [ops.reshape(ops.mul(chosen, ops.reshape(gradients[0]!, [batch, channels, 1])), dims)]
  },
})

/** `Y = (Σ |X|ᵖ)^(1/p)` over each channel; see `lpParts`. */
export const globalLpPool = defineRule({
  operator: 'GlobalLpPool',
  through: ['X'],
  backward({ ops, node, inputs, outputs, gradients }) {
    const { power, scaled } = lpParts(ops, intOf(node, 'p', 2), inputs[0]!, outputs[0]!, gradients[0]!)
    return [ops.mul(power, scaled)]
  },
})
