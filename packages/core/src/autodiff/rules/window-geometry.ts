import { intsOf, type Node, textOf } from '../../onnx/index.ts'

/** How a window moves over spatial dimensions; every list has one entry a dimension. */
export interface WindowGeometry {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Padding before and after; what `auto_pad` stands for is worked out. */
  readonly begins: readonly number[]
  readonly ends: readonly number[]
}

/** The geometry of a convolution or pooling node from `input` to `output` (spatial sizes alone). */
export function windowGeometry(
  node: Node,
  kernel: readonly number[],
  input: readonly number[],
  output: readonly number[],
): WindowGeometry {
  const rank = kernel.length
  const strides = intsOf(node, 'strides') ?? Array<number>(rank).fill(1)
  const dilations = intsOf(node, 'dilations') ?? Array<number>(rank).fill(1)
  const totals = output.map((size, i) =>
    Math.max(0, (size - 1) * strides[i]! + spread(kernel[i]!, dilations[i]!) - input[i]!),
  )
  const { begins, ends } = paddingOf(node, totals)
  return { kernel, strides, dilations, begins, ends }
}

/** The span of a dilated kernel. */
export const spread = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1

/** The padding of a node, `totals` being the whole padding that SAME asks for in each dimension. */
export function paddingOf(node: Node, totals: readonly number[]): { begins: number[]; ends: number[] } {
  const rank = totals.length
  switch (textOf(node, 'auto_pad', 'NOTSET')) {
    case 'SAME_UPPER':
      return halves(totals)
    case 'SAME_LOWER': {
      const { begins, ends } = halves(totals)
      return { begins: ends, ends: begins }
    }
    case 'VALID':
      return { begins: Array<number>(rank).fill(0), ends: Array<number>(rank).fill(0) }
    default: {
      const pads = intsOf(node, 'pads') ?? Array<number>(2 * rank).fill(0)
      return { begins: pads.slice(0, rank), ends: pads.slice(rank) }
    }
  }
}

/** Each total in two parts, the larger one last. */
const halves = (totals: readonly number[]): { begins: number[]; ends: number[] } => ({
  begins: totals.map((total) => Math.floor(total / 2)),
  ends: totals.map((total) => Math.ceil(total / 2)),
})
