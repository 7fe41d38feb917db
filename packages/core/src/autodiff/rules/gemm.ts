import { floatOf, intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** `Y = α op(A) op(B) + β C`: `∂op(A) = α ∂Y op(B)ᵀ`, `∂op(B) = α op(A)ᵀ ∂Y`, `∂C = β ∂Y` summed where `C` was broadcast. */
export const gemm = defineRule({
  operator: 'Gemm',
  through: ['A', 'B', 'C'],
  backward({ ops, node, inputs, gradients, wants }) {
    const [a, b, c] = inputs
    const gradient = gradients[0]!
    const transA = intOf(node, 'transA', 0) === 1
    const transB = intOf(node, 'transB', 0) === 1
    const alpha = floatOf(node, 'alpha', 1)
    const byA = () =>
      transA ? ops.gemm(b!, gradient, { transA: transB, transB: true }) : ops.gemm(gradient, b!, { transB: !transB })
    const byB = () =>
      transB ? ops.gemm(gradient, a!, { transA: true, transB: transA }) : ops.gemm(a!, gradient, { transA: !transA })
    return [
      wants(0) ? ops.scale(byA(), alpha) : undefined,
      wants(1) ? ops.scale(byB(), alpha) : undefined,
      wants(2) ? ops.scale(ops.sumTo(gradient, c!.dims), floatOf(node, 'beta', 1)) : undefined,
    ]
  },
})
