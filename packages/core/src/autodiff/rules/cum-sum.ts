import { int, intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** `yᵢ = Σ_{j≤i} xⱼ`, so `∂xⱼ = Σ_{i≥j} ∂yᵢ`: the cumulative sum in the other direction. */
export const cumSum = defineRule({
  operator: 'CumSum',
  through: ['x'],
  backward: ({ node, ops, inputs, gradients }) => [
    ops.node('CumSum', [gradients[0], inputs[1]], inputs[0]!, {
      exclusive: int(intOf(node, 'exclusive', 0)),
      reverse: int(1 - intOf(node, 'reverse', 0)),
    }),
  ],
})
