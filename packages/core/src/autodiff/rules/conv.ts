import { int, intOf, ints } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import { defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { kernelGradient } from './kernel-gradient.ts'
import { spread, type WindowGeometry, windowGeometry } from './window-geometry.ts'

/**
 * `Y = X ⋆ W + B`: `∂X` is the transposed convolution of `∂Y` with `W`, `∂W` sums products of `∂Y` and `X` for each tap of
 * the kernel, `∂B` sums `∂Y` over rows and positions.
 */
export const conv = defineRule({
  operator: 'Conv',
  through: ['X', 'W', 'B'],
  backward({ ops, node, inputs, gradients, wants }) {
    const [x, w] = [inputs[0]!, inputs[1]!]
    const gradient = gradients[0]!
    const groups = intOf(node, 'group', 1)
    const geometry = windowGeometry(node, w.dims.slice(2), x.dims.slice(2), gradient.dims.slice(2))
    return [
      wants(0) ? inputGradient(ops, gradient, w, x.dims, groups, geometry) : undefined,
      wants(1) ? kernelGradient(ops, x, gradient, groups, geometry) : undefined,
      wants(2) ? channelSums(ops, gradient) : undefined,
    ]
  },
})

/** The sum of each channel over rows and positions. */
export const channelSums = (ops: Ops, gradient: TypedValue): TypedValue =>
  ops.reduce(
    'ReduceSum',
    gradient,
    [...gradient.dims.keys()].filter((axis) => axis !== 1),
    false,
  )

/** `∂X`, of shape `dims`. */
function inputGradient(
  ops: Ops,
  gradient: TypedValue,
  w: TypedValue,
  dims: readonly number[],
  groups: number,
  geometry: WindowGeometry,
): TypedValue {
  const depthwise = groups > 1 && groups === dims[1] && w.dims[0] === groups
  return depthwise && canFlip(geometry)
    ? byFlippedKernel(ops, gradient, w, dims, groups, geometry)
    : byTransposedConvolution(ops, gradient, w, dims, groups, geometry)
}

function byTransposedConvolution(
  ops: Ops,
  gradient: TypedValue,
  w: TypedValue,
  dims: readonly number[],
  groups: number,
  { kernel, strides, dilations, begins, ends }: WindowGeometry,
): TypedValue {
  // Input rows behind the last window had no part in the output: they are added as output padding.
  const reached = kernel.map((k, i) => (gradient.dims[i + 2]! - 1) * strides[i]! + spread(k, dilations[i]!))
  const rest = reached.map((size, i) => dims[i + 2]! + begins[i]! + ends[i]! - size)
  const attributes = {
    group: int(groups),
    strides: ints(strides),
    dilations: ints(dilations),
    pads: ints([...begins, ...ends]),
    output_padding: ints(rest),
  }
  return ops.node('ConvTranspose', [gradient, w], { dims }, attributes)
}

/** With strides of 1 the transposed convolution is a convolution with the kernel turned round. */
const canFlip = ({ kernel, strides, dilations, begins, ends }: WindowGeometry): boolean =>
  strides.every((stride) => stride === 1) &&
  kernel.every((k, i) => Math.max(begins[i]!, ends[i]!) < spread(k, dilations[i]!))

function byFlippedKernel(
  ops: Ops,
  gradient: TypedValue,
  w: TypedValue,
  dims: readonly number[],
  groups: number,
  { kernel, dilations, begins, ends }: WindowGeometry,
): TypedValue {
  const flipped = ops.slice(
    w,
    kernel.map((k, i) => ({ axis: i + 2, start: k - 1, end: -1, step: -1 })),
  )
  const around = (pads: readonly number[]) => kernel.map((k, i) => spread(k, dilations[i]!) - 1 - pads[i]!)
  return ops.node(
    'Conv',
    [gradient, flipped],
    { dims },
    {
      group: int(groups),
      dilations: ints(dilations),
      pads: ints([...around(begins), ...around(ends)]),
    },
  )
}
