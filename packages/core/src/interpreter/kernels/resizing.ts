import { InvalidInputError } from '../../errors.ts'
import { aroundAxis, normaliseAxis } from '../indexing.ts'
import { type Call, describe, floatOf, input, intOf, intsOf, type Kernels, textOf } from '../kernel.ts'
import { type Value, value } from '../value.ts'
import { type Interpolation, type ResizedAxis, resizingTaps, type Taps } from './resizing-taps.ts'

/** Images and other tensors made larger or smaller. */
export const resizing: Kernels = {
  Resize: (call) => {
    if (intOf(call, 'antialias', 0) === 1) {
      throw new InvalidInputError(`the interpreter does not resize with antialias: ${describe(call.node)} asks for it`)
    }
    const x = input(call, 0)
    if (call.opset < 11) return [resized(x, scaledAxes(x, input(call, 1).data), simple(call))]
    const interpolation: Interpolation = {
      mode: textOf(call, 'mode', 'nearest'),
      transformation: textOf(call, 'coordinate_transformation_mode', 'half_pixel'),
      nearest: textOf(call, 'nearest_mode', 'round_prefer_floor'),
      cubicCoefficient: floatOf(call, 'cubic_coeff_a', -0.75),
      excludeOutside: intOf(call, 'exclude_outside', 0) === 1,
    }
    return [resized(x, resizedAxes(call, x), interpolation, floatOf(call, 'extrapolation_value', 0))]
  },

  Upsample: (call) => {
    const x = input(call, 0)
    const stored = call.node.attributes.scales
    const scales = stored?.type === 'floats' ? stored.value.map(Math.fround) : input(call, 1).data
    return [resized(x, scaledAxes(x, scales), simple(call))]
  },
}

/** What resizing was before it had attributes for it. */
const simple = (call: Call): Interpolation => ({
  mode: textOf(call, 'mode', 'nearest'),
  transformation: 'asymmetric',
  nearest: 'simple',
  cubicCoefficient: 0,
  excludeOutside: false,
})

const WHOLE = [0, 1] as const

/** Lengths are whole in float32, the type of scales: 10 · 0.7 is 7 there, and below it in float64. */
const scaledAxes = ({ dims }: Value, scales: ArrayLike<number>): ResizedAxis[] =>
  dims.map((length, axis) => ({
    input: length,
    output: Math.floor(Math.fround(length * scales[axis])),
    scale: scales[axis],
    crop: WHOLE,
  }))

function resizedAxes(call: Call, { dims }: Value): ResizedAxis[] {
  const rank = dims.length
  const axes = (intsOf(call, 'axes') ?? [...dims.keys()]).map((axis) => normaliseAxis(axis, rank))
  const [roi, scales, sizes] = [1, 2, 3].map((i) =>
    call.inputs[i]?.data.length === 0 ? undefined : call.inputs[i]?.data,
  )
  if ((scales ?? sizes)?.length !== axes.length) {
    throw new InvalidInputError(`${describe(call.node)} needs scales or sizes for ${axes.length} axes`)
  }
  const crops = textOf(call, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize'
  const kept =
    sizes &&
    keptScale(
      call,
      axes.map((axis, i) => sizes[i] / dims[axis]),
    )
  return dims.map((length, axis) => {
    const i = axes.indexOf(axis)
    if (i < 0) return { input: length, output: length, scale: 1, crop: WHOLE }
    const crop = crops && roi ? ([roi[i], roi[i + axes.length]] as const) : WHOLE
    if (scales !== undefined) {
      const output = Math.floor(Math.fround(length * (crop[1] - crop[0]) * scales[i]))
      return { input: length, output, scale: scales[i], crop }
    }
    if (kept !== undefined) return { input: length, output: Math.floor(kept * length + 0.5), scale: kept, crop }
    return { input: length, output: sizes![i], scale: sizes![i] / length, crop }
  })
}

/** The one scale of all axes where the aspect ratio is kept. */
function keptScale(call: Call, scales: readonly number[]): number | undefined {
  const policy = textOf(call, 'keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return undefined
  return policy === 'not_larger' ? Math.min(...scales) : Math.max(...scales)
}

/** Resizes axis after axis: interpolation of all kinds is a product of one per axis. */
function resized(x: Value, axes: readonly ResizedAxis[], interpolation: Interpolation, beyond = 0): Value {
  let result = x
  const crops = interpolation.transformation === 'tf_crop_and_resize'
  const outside: (Uint8Array | undefined)[] = axes.map((axis, i) => {
    if (axis.input === axis.output && axis.scale === 1 && !crops) return undefined
    const taps = resizingTaps(axis, interpolation)
    result = resizeAxis(result, i, taps)
    return taps.outside
  })
  if (crops) for (const [axis, marks] of outside.entries()) fillOutside(result, axis, marks!, beyond)
  // Whole numbers come from cutting off float32 ones, as in ONNX Runtime: ONNX does not say.
  return x.kind === 'float' ? result : { ...result, data: result.data.map((each) => Math.trunc(Math.fround(each))) }
}

function resizeAxis(x: Value, axis: number, { count, places, weights, outside }: Taps): Value {
  const { outer, length, inner } = aroundAxis(x.dims, axis)
  const result = value(x.kind, x.dims.with(axis, outside.length))
  for (let n = 0; n < outer; n++) {
    for (let tap = 0; tap < places.length; tap++) {
      const weight = weights[tap]
      if (weight === 0) continue
      const to = (n * outside.length + Math.floor(tap / count)) * inner
      const from = (n * length + places[tap]) * inner
      for (let i = 0; i < inner; i++) result.data[to + i] += weight * x.data[from + i]
    }
  }
  return result
}

function fillOutside({ dims, data }: Value, axis: number, marks: Uint8Array, beyond: number): void {
  const { outer, length, inner } = aroundAxis(dims, axis)
  for (let row = 0; row < outer * length; row++) {
    if (marks[row % length] === 1) data.fill(beyond, row * inner, (row + 1) * inner)
  }
}
