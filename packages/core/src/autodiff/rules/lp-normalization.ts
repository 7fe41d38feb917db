import { intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import { nonZero } from './non-zero.ts'

/**
 * `Y = X / n` along one axis, with `n = √(Σ X²)` or `n = Σ |X|`: `∂X = (∂Y − n' Σ ∂Y Y) / n`, where `n' = Y` or
 * `n' = sign X` is the gradient of `n`. Zero where `n` is: there ONNX leaves zeros as they are.
 */
export const lpNormalization = defineRule({
  operator: 'LpNormalization',
  through: ['input'],
  backward({ ops, node, inputs, outputs, gradients }) {
    const [x, y, gradient] = [inputs[0]!, outputs[0]!, gradients[0]!]
    const axis = frontAxis(intOf(node, 'axis', -1), x.dims.length)
    const sum = (value: typeof x) => ops.reduce('ReduceSum', value, [axis], true)
    const absolute = intOf(node, 'p', 2) === 1
    const norm = absolute ? sum(ops.unary('Abs', x)) : ops.unary('Sqrt', sum(ops.mul(x, x)))
    const along = ops.mul(absolute ? ops.unary('Sign', x) : y, sum(ops.mul(gradient, y)))
    const present = ops.unary('Sign', norm)
    return [ops.mul(ops.sub(gradient, along), ops.div(present, nonZero(ops, norm)))]
  },
})
