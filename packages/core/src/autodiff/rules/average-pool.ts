import { intOf, intsOf } from '../../onnx/index.ts'
import { tensor } from '../../tensor/index.ts'
import { defineRule } from '../rule.ts'
import { spreadWindows } from './spread-windows.ts'
import { type WindowGeometry, windowGeometry } from './window-geometry.ts'

/** The mean over windows: `∂Y` divided by the number of positions counted goes to each position of the window. */
export const averagePool = defineRule({
  operator: 'AveragePool',
  through: ['X'],
  backward({ ops, node, inputs, gradients }) {
    const [{ dims }, gradient] = [inputs[0]!, gradients[0]!]
    const space = dims.slice(2)
    const geometry = windowGeometry(node, intsOf(node, 'kernel_shape') ?? [], space, gradient.dims.slice(2))
    const counts = windowCounts(geometry, space, gradient.dims.slice(2), intOf(node, 'count_include_pad', 0) === 1)
    const same = counts.every((count) => count === counts[0])
    if (same) return [spreadWindows(ops, gradient, geometry, dims, 1 / counts[0]!)]
    const divisors = ops.constant(tensor('float32', gradient.dims.slice(2), Float32Array.from(counts)))
    return [spreadWindows(ops, ops.div(gradient, ops.cast(divisors, gradient.type)), geometry, dims, 1)]
  },
})

/** How many positions each window counts, in row-major order: those of the input, or of the padding as well. */
function windowCounts(
  { kernel, strides, dilations, begins, ends }: WindowGeometry,
  input: readonly number[],
  windows: readonly number[],
  withPadding: boolean,
): number[] {
  return windows.reduce<number[]>(
    (counts, windowCount, i) => {
      const [least, end] = withPadding ? [-begins[i]!, input[i]! + ends[i]!] : [0, input[i]!]
      const along = Array.from({ length: windowCount }, (_, window) => {
        const first = window * strides[i]! - begins[i]!
        const taps = Array.from({ length: kernel[i]! }, (_, tap) => first + tap * dilations[i]!)
        return taps.filter((place) => place >= least && place < end).length
      })
      return counts.flatMap((count) => along.map((more) => count * more))
    },
    [1],
  )
}
