import { int, ints, text } from '../../onnx/index.ts'
import { sizeOf, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { spread, type WindowGeometry } from './window-geometry.ts'

/**
 * Gives every number of `x` (`N × C × windows`) times `factor` to all positions of its window, and adds what arrives at
 * each position: the transpose of summing over windows. The result has the shape `dims`.
 */
export function spreadWindows(
  ops: Ops,
  x: TypedValue,
  geometry: WindowGeometry,
  dims: readonly number[],
  factor: number,
): TypedValue {
  if (tiles(geometry, x.dims, dims)) return enlarged(ops, ops.scale(x, factor), geometry.kernel)
  const { kernel, strides, dilations, begins, ends } = geometry
  if ([...strides, ...dilations].every((step) => step === 1)) {
    // Windows that move by one: a position is in as many of them as they have taps, side by side again.
    const pads = [...kernel.map((k, i) => k - 1 - begins[i]!), ...kernel.map((k, i) => k - 1 - ends[i]!)]
    const attributes = { kernel_shape: ints(kernel), pads: ints(pads), count_include_pad: int(1) }
    return ops.scale(ops.node('AveragePool', [x], { dims }, attributes), factor * sizeOf(kernel))
  }
  const channels = dims[1]!
  const one = ops.constant(tensor('float32', [1, 1, ...kernel], new Float32Array(sizeOf(kernel)).fill(factor)))
  const weights = ops.expand(ops.cast(one, x.type), [channels, 1, ...kernel])
  const reached = kernel.map((k, i) => (x.dims[i + 2]! - 1) * strides[i]! + spread(k, dilations[i]!))
  // Positive: positions behind the last window. Negative: the last window reaches beyond them.
  const rest = reached.map((size, i) => dims[i + 2]! + begins[i]! - size)
  return ops.node(
    'ConvTranspose',
    [x, weights],
    { dims },
    {
      group: int(channels),
      strides: ints(strides),
      dilations: ints(dilations),
      pads: ints([...begins, ...rest.map((more) => Math.max(0, -more))]),
      output_padding: ints(rest.map((more) => Math.max(0, more))),
    },
  )
}

/** Whether the windows lie side by side and cover everything once. */
export const tiles = (
  { kernel, strides, dilations, begins }: WindowGeometry,
  windows: readonly number[],
  dims: readonly number[],
): boolean =>
  kernel.every(
    (k, i) =>
      strides[i] === k && (dilations[i] === 1 || k === 1) && begins[i] === 0 && windows[i + 2]! * k === dims[i + 2],
  )

/** Every number of `x` as a block of the size of `kernel`. */
export function enlarged(ops: Ops, x: TypedValue, kernel: readonly number[]): TypedValue {
  if (kernel.every((k) => k === 1)) return x
  const scales = ops.constant(tensor('float32', [kernel.length + 2], Float32Array.of(1, 1, ...kernel)))
  const dims = x.dims.map((dim, axis) => (axis < 2 ? dim : dim * kernel[axis - 2]!))
  return ops.node(
    'Resize',
    [x, undefined, scales],
    { dims },
    {
      mode: text('nearest'),
      coordinate_transformation_mode: text('asymmetric'),
      nearest_mode: text('floor'),
    },
  )
}
