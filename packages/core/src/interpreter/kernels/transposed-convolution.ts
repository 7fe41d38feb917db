import { type Call, input, intOf, intsOf, type Kernels } from '../kernel.ts'
import { addProduct, transposed } from '../matrix-product.ts'
import { value } from '../value.ts'
import { type Runs, runsOf, type WindowAxis, windowAttributes } from '../windows.ts'
import { addBias, misfit } from './convolution.ts'

/** The adjoint of a convolution: every number is spread over the window that it stands for. */
export const transposedConvolution: Kernels = {
  ConvTranspose: (call) => {
    const x = input(call, 0)
    const filters = input(call, 1)
    const groups = intOf(call, 'group', 1)
    const [batch, channels, ...sizes] = x.dims
    const [depth, perGroup, ...kernel] = filters.dims
    if (depth !== channels || channels % groups !== 0) throw misfit(call, x, filters, groups)
    const axes = spreadAxes(call, sizes, kernel)
    const runs = runsOf(axes)
    const result = value('float', [batch, perGroup * groups, ...axes.map((axis) => axis.input)])
    const own = channels / groups
    const rows = perGroup * runs.taps
    const spread = new Float64Array(rows * runs.outputs)
    for (let g = 0; g < groups; g++) {
      const weights = transposed({ data: filters.data, start: g * own * rows }, own, rows)
      for (let n = 0; n < batch; n++) {
        const from = { data: x.data, start: (n * channels + g * own) * runs.outputs }
        spread.fill(0)
        addProduct({ data: spread, start: 0 }, { data: weights, start: 0 }, from, rows, own, runs.outputs)
        scatter(result.data, (n * groups + g) * perGroup * runs.inputs, spread, perGroup, runs)
      }
    }
    addBias(result, call.inputs[2])
    return [result]
  },
}

/** The windows of the convolution that this one is the adjoint of: its input is our result, its result our input. */
function spreadAxes(call: Call, sizes: readonly number[], kernel: readonly number[]): WindowAxis[] {
  const rank = sizes.length
  const { strides, dilations, pads, autoPad } = windowAttributes(call, rank)
  const extra = intsOf(call, 'output_padding') ?? sizes.map(() => 0)
  const wanted = intsOf(call, 'output_shape')
  return sizes.map((output, axis) => {
    const [stride, dilation] = [strides[axis], dilations[axis]]
    const full = stride * (output - 1) + extra[axis] + (kernel[axis] - 1) * dilation + 1
    const own = { output, kernel: kernel[axis], stride, dilation }
    const same = autoPad.startsWith('SAME') ? output * stride : undefined
    const input = wanted?.at(axis - rank) ?? same
    if (input === undefined) {
      const [before, after] = autoPad === 'VALID' ? [0, 0] : [pads[axis], pads[axis + rank]]
      return { ...own, input: full - before - after, before, after }
    }
    const surplus = full - input
    const less = Math.floor(surplus / 2)
    const before = autoPad === 'SAME_UPPER' ? less : surplus - less
    return { ...own, input, before, after: surplus - before }
  })
}

/** Adds a row of `spread` per channel and tap, a column per window, to the places that the windows read. */
function scatter(sum: Float64Array, start: number, spread: Float64Array, channels: number, runs: Runs): void {
  const { taps, inputs, outputs, step, tap, output, input, length } = runs
  for (let c = 0; c < channels; c++) {
    const to = start + c * inputs
    const from = c * taps * outputs
    for (let r = 0; r < tap.length; r++) {
      const source = from + tap[r] * outputs + output[r]
      const end = source + length[r]
      let target = to + input[r]
      for (let i = source; i < end; i++, target += step) sum[target] += spread[i]
    }
  }
}
