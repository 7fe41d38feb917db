import { intsOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** The gradient with its axes put back: transposed by the inverse permutation. */
export const transpose = defineRule({
  operator: 'Transpose',
  through: ['data'],
  backward({ node, ops, inputs, gradients }) {
    const axes = [...inputs[0]!.dims.keys()]
    const permutation = intsOf(node, 'perm') ?? axes.toReversed()
    return [
      ops.transpose(
        gradients[0]!,
        axes.map((axis) => permutation.indexOf(axis)),
      ),
    ]
  },
})
