import { InvalidInputError } from '../../errors.ts'
import { describeNode, floatOf, intOf, intsOf, textOf } from '../../onnx/index.ts'
import type { Backward } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import type { ResizeForm } from './resize-taps.ts'

/** How `Resize` changes each axis that it names, or each of all; without those that stay as they are. */
export function resizedAxes(call: Backward): (ResizeForm & { readonly axis: number })[] {
  const { node } = call
  const { dims } = call.inputs[0]!
  const output = call.gradients[0]!.dims
  const axes = intsOf(node, 'axes')?.map((axis) => frontAxis(axis, dims.length)) ?? [...dims.keys()]
  const scales = scalesOf(call, axes)
  const crop = numbersOf(call, 1) ?? []
  return axes
    .map((axis, i) => ({
      axis,
      input: dims[axis]!,
      output: output[axis]!,
      scale: scales[i]!,
      crop: [crop[i] ?? 0, crop[axes.length + i] ?? 1] as const,
      mode: textOf(node, 'mode', 'nearest'),
      transformation: textOf(node, 'coordinate_transformation_mode', 'half_pixel'),
      rounding: textOf(node, 'nearest_mode', 'round_prefer_floor'),
      cubicCoefficient: floatOf(node, 'cubic_coeff_a', -0.75),
      excludeOutside: intOf(node, 'exclude_outside', 0) === 1,
      antialias: intOf(node, 'antialias', 0) === 1,
    }))
    .filter((form) => form.scale !== 1 || form.input !== form.output || form.transformation === 'tf_crop_and_resize')
}

/** By how much each of `axes` grows: as given, or as the sizes say; the same for all where the aspect ratio is kept. */
function scalesOf(call: Backward, axes: readonly number[]): number[] {
  const given = numbersOf(call, 2)
  if (given !== undefined) return given
  const { dims } = call.inputs[0]!
  const sizes = numbersOf(call, 3) ?? axes.map((axis) => call.gradients[0]!.dims[axis]!)
  const scales = axes.map((axis, i) => sizes[i]! / dims[axis]!)
  const policy = textOf(call.node, 'keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return scales
  const kept = policy === 'not_larger' ? Math.min(...scales) : Math.max(...scales)
  return scales.map(() => kept)
}

/** The numbers of an optional input; none where it is empty. */
function numbersOf({ node, inputs, known }: Backward, index: number): number[] | undefined {
  const value = inputs[index]
  if (value === undefined || value.dims[0] === 0) return undefined
  const found = known(value)
  if (found !== undefined) return Array.from(found.data as ArrayLike<number | bigint>, Number)
  throw new InvalidInputError(
    `${describeNode(node)} computes its ${['X', 'roi', 'scales', 'sizes'][index]} from data: a gradient passes fixed ones only`,
  )
}
