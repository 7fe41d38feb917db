import { defineRule } from '../rule.ts'
import { zeros } from './pad-along.ts'

/** The gradient, summed over the copies: each axis taken apart into copies and elements. */
export const tile = defineRule({
  operator: 'Tile',
  through: ['input'],
  backward({ ops, inputs, gradients }) {
    const [{ dims }, gradient] = [inputs[0]!, gradients[0]!]
    if (gradient.dims.includes(0)) return [zeros(ops, gradient, dims)]
    const split: number[] = []
    const copies: number[] = []
    dims.forEach((dim, i) => {
      const repeats = gradient.dims[i]! / dim
      if (repeats > 1) copies.push(split.push(repeats) - 1)
      split.push(dim)
    })
    return [ops.reshape(ops.reduce('ReduceSum', ops.reshape(gradient, split), copies, false), dims)]
  },
})
