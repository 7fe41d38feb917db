import { textOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { contraction, sumOver } from './contraction.ts'
import { einsumLabels } from './einsum-labels.ts'
import { inShapeOf, labelledOperand } from './einsum-operand.ts'

/**
 * A sum of products of all operands: the gradient by one of them is the sum of products of `∂Output` and the other
 * operands over all labels but its own. It is written in matrix products.
 */
export const einsum = defineRule({
  operator: 'Einsum',
  through: ['Inputs'],
  backward({ ops, node, inputs, gradients, wants }) {
    const operands = inputs.map((input) => input!)
    const ranks = operands.map(({ dims }) => dims.length)
    const names = einsumLabels(textOf(node, 'equation', ''), ranks)
    const labelled = operands.map((operand, i) => labelledOperand(ops, operand, names.operands[i]!))
    const gradient = labelledOperand(ops, gradients[0]!, names.result)

    return operands.map((operand, i) => {
      if (!wants(i)) return undefined
      const own = labelled[i]!.labels
      const others = labelled.filter((_, k) => k !== i)
      const product = others.reduce((sofar, other, k) => {
        const later = others.slice(k + 1).flatMap(({ labels }) => labels)
        return contraction(ops, sofar, other, new Set([...own, ...later]))
      }, gradient)
      return inShapeOf(ops, sumOver(ops, product, new Set(own)), operand, names.operands[i]!)
    })
  },
})
