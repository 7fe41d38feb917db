import { intOf } from '../../onnx/index.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂x = y (∂y − Σ y ∂y)`, the sum along the axis. */
export const softmax = defineUnaryRule({
  operator: 'Softmax',
  through: ['input'],
  gradient({ ops, node, y, gradient }) {
    const mean = ops.reduce('ReduceSum', ops.mul(gradient, y), [intOf(node, 'axis', -1)], true)
    return ops.mul(y, ops.sub(gradient, mean))
  },
})

/** `y = ln softmax(x)`: `∂x = ∂y − eʸ Σ ∂y`, the sum along the axis. */
export const logSoftmax = defineUnaryRule({
  operator: 'LogSoftmax',
  through: ['input'],
  gradient({ ops, node, y, gradient }) {
    const total = ops.reduce('ReduceSum', gradient, [intOf(node, 'axis', -1)], true)
    return ops.sub(gradient, ops.mul(ops.unary('Exp', y), total))
  },
})
