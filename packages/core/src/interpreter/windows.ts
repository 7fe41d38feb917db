import { InvalidInputError } from '../errors.ts'
import { sizeOf } from '../tensor/index.ts'
import { nextIndex, stridesOf } from './indexing.ts'
import { type Call, describe, intOf, intsOf, textOf } from './kernel.ts'

/** Windows along one axis: window `o` reads the places `o · stride + tap · dilation − before`, as far as they exist. */
export interface WindowAxis {
  /** How many places there are to read, without padding. */
  readonly input: number
  /** How many windows there are. */
  readonly output: number
  /** How many taps a window has. */
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Padding at the beginning and at the end. */
  readonly before: number
  readonly after: number
}

/** The attributes of an operator with windows, one number per axis: `strides`, `dilations`, and `pads` as far as given. */
export function windowAttributes(call: Call, rank: number) {
  const ones = new Array<number>(rank).fill(1)
  const strides = intsOf(call, 'strides') ?? ones
  const dilations = intsOf(call, 'dilations') ?? ones
  const pads = intsOf(call, 'pads') ?? new Array<number>(2 * rank).fill(0)
  if (rank === 0 || strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) {
    throw new InvalidInputError(
      `${describe(call.node)} needs axes to move along, and strides, dilations and pads for ${rank}`,
    )
  }
  return { strides, dilations, pads, autoPad: textOf(call, 'auto_pad', 'NOTSET') }
}

/**
 * The windows of a convolution or of pooling over axes of the sizes given, by the node's `strides`, `dilations`, `pads`,
 * `auto_pad` and, for pooling, `ceil_mode`. Throws `InvalidInputError` where no window fits.
 */
export function windowAxes(call: Call, sizes: readonly number[], kernel: readonly number[]): WindowAxis[] {
  const { strides, dilations, pads, autoPad } = windowAttributes(call, sizes.length)
  if (kernel.length !== sizes.length) {
    throw new InvalidInputError(`${describe(call.node)} has a kernel of ${kernel.length} axes over ${sizes.length}`)
  }
  const ceil = intOf(call, 'ceil_mode', 0) === 1
  return sizes.map((input, axis) => {
    const [stride, dilation] = [strides[axis], dilations[axis]]
    const extent = (kernel[axis] - 1) * dilation + 1
    const own = { input, kernel: kernel[axis], stride, dilation }
    if (autoPad.startsWith('SAME')) {
      const output = Math.ceil(input / stride)
      const missing = Math.max(0, (output - 1) * stride + extent - input)
      const less = Math.floor(missing / 2)
      const before = autoPad === 'SAME_UPPER' ? less : missing - less
      return { ...own, output, before, after: missing - before }
    }
    const [before, after] = autoPad === 'VALID' ? [0, 0] : [pads[axis], pads[axis + sizes.length]]
    const steps = (input + before + after - extent) / stride
    if (steps < 0) {
      throw new InvalidInputError(`${describe(call.node)} has windows of ${extent} over ${input} places: none fits`)
    }
    const rounded = ceil ? Math.ceil(steps) : Math.floor(steps)
    // A window that would begin in the padding at the end is left out.
    const last = ceil && rounded * stride >= input + before ? rounded - 1 : rounded
    return { ...own, output: last + 1, before, after }
  })
}

/**
 * All that windows read, as runs: tap `tap[r]` of the windows `output[r] … output[r] + length[r] − 1` reads the places
 * `input[r], input[r] + step, …`. Windows and places are numbered in row-major order; padding is in no run. Runs come in
 * the order of the taps.
 */
export interface Runs {
  readonly taps: number
  readonly inputs: number
  readonly outputs: number
  readonly step: number
  readonly tap: Int32Array
  readonly output: Int32Array
  readonly input: Int32Array
  readonly length: Int32Array
}

/** The runs of windows over one axis or more. */
export function runsOf(axes: readonly WindowAxis[]): Runs {
  const kernel = axes.map((axis) => axis.kernel)
  const outputStrides = stridesOf(axes.map((axis) => axis.output))
  const inputStrides = stridesOf(axes.map((axis) => axis.input))
  const last = axes.length - 1
  const step = axes[last].stride
  const runs: number[][] = []
  const taps = kernel.map(() => 0)
  let tap = 0
  do {
    const spans = axes.map((axis, i) => span(axis, taps[i]))
    const length = spans[last].count
    const outer = [...spans.slice(0, last).map(({ count }) => count), 1]
    const index = outer.map(() => 0)
    const none = spans.some(({ count }) => count <= 0)
    do {
      if (none) break
      let output = 0
      let input = 0
      for (const [i, { first, place }] of spans.entries()) {
        output += (first + index[i]) * outputStrides[i]
        input += (place + index[i] * axes[i].stride) * inputStrides[i]
      }
      const previous = runs[runs.length - 1]
      if (previous !== undefined && continues(previous, tap, output, input, step)) previous[3] += length
      else runs.push([tap, output, input, length])
    } while (nextIndex(index, outer))
    tap++
  } while (nextIndex(taps, kernel))
  const column = (i: number) => Int32Array.from(runs, (run) => run[i])
  return {
    taps: sizeOf(kernel),
    inputs: sizeOf(axes.map((axis) => axis.input)),
    outputs: sizeOf(axes.map((axis) => axis.output)),
    step,
    tap: column(0),
    output: column(1),
    input: column(2),
    length: column(3),
  }
}

/** The windows in which a tap reads a place that exists: the first one, the place it reads, and how many there are. */
function span({ input, output, stride, dilation, before }: WindowAxis, tap: number) {
  const shift = tap * dilation - before
  const first = Math.max(0, Math.ceil(-shift / stride))
  const end = Math.min(output, Math.floor((input - 1 - shift) / stride) + 1)
  return { first, place: first * stride + shift, count: end - first }
}

const continues = ([tap, output, input, length]: readonly number[], ...next: readonly number[]): boolean =>
  tap === next[0] && output + length === next[1] && input + length * next[3] === next[2]

/** How many taps of each window lie within the tensor and its padding. */
export function paddedCounts(axes: readonly WindowAxis[]): Float64Array {
  let counts = Float64Array.of(1)
  for (const { input, output, kernel, stride, dilation, before, after } of axes) {
    const own = Float64Array.from({ length: output }, (_, o) => {
      const room = input + after - (o * stride - before)
      return Math.min(kernel, Math.ceil(room / dilation))
    })
    counts = Float64Array.from(
      { length: counts.length * output },
      (_, i) => counts[Math.floor(i / output)] * own[i % output],
    )
  }
  return counts
}
