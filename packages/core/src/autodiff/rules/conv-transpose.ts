import { int, intOf, ints, intsOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { channelSums } from './conv.ts'
import { kernelGradient } from './kernel-gradient.ts'
import { paddingOf, spread } from './window-geometry.ts'

/**
 * The transposed convolution is linear in each of `X` and `W`, and its transpose is the convolution: `∂X = ∂Y ⋆ W`, and
 * `∂W` is the kernel gradient of that convolution.
 */
export const convTranspose = defineRule({
  operator: 'ConvTranspose',
  through: ['X', 'W', 'B'],
  backward({ ops, node, inputs, gradients, wants }) {
    const [x, w] = [inputs[0]!, inputs[1]!]
    const gradient = gradients[0]!
    const groups = intOf(node, 'group', 1)
    const kernel = w.dims.slice(2)
    const ones = kernel.map(() => 1)
    const strides = intsOf(node, 'strides') ?? ones
    const dilations = intsOf(node, 'dilations') ?? ones
    const extra = intsOf(node, 'output_padding') ?? kernel.map(() => 0)
    const full = kernel.map((k, i) => (x.dims[i + 2]! - 1) * strides[i]! + extra[i]! + spread(k, dilations[i]!))
    const totals = full.map((size, i) => size - gradient.dims[i + 2]!)
    const { begins, ends } = transposedPadding(node, totals)
    const geometry = { kernel, strides, dilations, begins, ends }
    const attributes = {
      group: int(groups),
      strides: ints(strides),
      dilations: ints(dilations),
      pads: ints([...begins, ...ends]),
    }
    return [
      wants(0) ? ops.node('Conv', [gradient, w], { dims: x.dims }, attributes) : undefined,
      wants(1) ? kernelGradient(ops, gradient, x, groups, geometry) : undefined,
      wants(2) ? channelSums(ops, gradient) : undefined,
    ]
  },
})

/** Where `output_shape` is given, the padding follows from it and is split as `auto_pad` says. */
function transposedPadding(
  node: Parameters<typeof paddingOf>[0],
  totals: readonly number[],
): { begins: number[]; ends: number[] } {
  if (intsOf(node, 'output_shape') === undefined) return paddingOf(node, totals)
  const smaller = totals.map((total) => Math.floor(total / 2))
  const larger = totals.map((total, i) => total - smaller[i]!)
  const upper = node.attributes.auto_pad?.type === 'string' && node.attributes.auto_pad.value === 'SAME_UPPER'
  return upper ? { begins: smaller, ends: larger } : { begins: larger, ends: smaller }
}
