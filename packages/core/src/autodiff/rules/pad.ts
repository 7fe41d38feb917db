import { InvalidInputError } from '../../errors.ts'
import { describeNode, textOf } from '../../onnx/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import { type Backward, defineRule } from '../rule.ts'
import { frontAxis, type TypedValue } from '../typed-value.ts'
import { padAlong } from './pad-along.ts'
import { type Border, borders, runsOf } from './pad-sources.ts'

/**
 * The gradient without what was padded on; where the mode shows elements of the data there, their gradients are added
 * to those elements, axis by axis.
 */
export const pad = defineRule({
  operator: 'Pad',
  through: ['data', 'constant_value'],
  limits: 'pads and axes must not depend on the data',
  backward(call) {
    const { node, ops, inputs, gradients, wants } = call
    const [{ dims }, gradient] = [inputs[0]!, gradients[0]!]
    const mode = textOf(node, 'mode', 'constant')
    const { begins, ends } = widthsOf(call)
    if (mode === 'constant') {
      const data = ops.slice(gradient, innerRanges(dims, begins, ends))
      return [
        wants(0) ? ops.pad(data, begins.map(cut), ends.map(cut)) : undefined,
        undefined,
        wants(2) ? ops.reshape(ops.sub(total(ops, gradient), total(ops, data)), inputs[2]!.dims) : undefined,
      ]
    }
    const border = borders[mode]
    if (border === undefined) {
      throw new InvalidInputError(`${describeNode(node)} pads in the unknown mode "${mode}"`)
    }
    const folded = dims.reduce((x, dim, axis) => fold(ops, x, axis, dim, begins[axis]!, ends[axis]!, border), gradient)
    return [folded]
  },
})

/** How much each axis grew before and after; negative widths cut. */
function widthsOf({ node, inputs, known }: Backward): { begins: number[]; ends: number[] } {
  const { dims } = inputs[0]!
  const [pads, axes] = [known(inputs[1]), known(inputs[3])]
  if (pads === undefined || (inputs[3] !== undefined && axes === undefined)) {
    throw new InvalidInputError(
      `${describeNode(node)} computes its pads from data: a gradient passes paddings of fixed width only`,
    )
  }
  const widths = numbers(pads)
  const places = axes === undefined ? [...dims.keys()] : numbers(axes).map((axis) => frontAxis(axis, dims.length))
  const [begins, ends] = [dims.map(() => 0), dims.map(() => 0)]
  places.forEach((axis, i) => {
    begins[axis] = widths[i]!
    ends[axis] = widths[places.length + i]!
  })
  return { begins, ends }
}

const numbers = ({ data }: Tensor): number[] => Array.from(data as ArrayLike<number | bigint>, Number)

const cut = (width: number): number => Math.max(0, -width)

/** Where the data stands in the output. */
const innerRanges = (dims: readonly number[], begins: readonly number[], ends: readonly number[]) =>
  dims.map((dim, axis) => {
    const start = Math.max(0, begins[axis]!)
    return { axis, start, end: start + Math.max(0, dim - cut(begins[axis]!) - cut(ends[axis]!)) }
  })

const total = (ops: Ops, x: TypedValue): TypedValue => ops.reduce('ReduceSum', x, [...x.dims.keys()], false)

/** The gradient with one axis as long as the data's: runs of the output added where they were read from. */
function fold(
  ops: Ops,
  gradient: TypedValue,
  axis: number,
  length: number,
  begin: number,
  end: number,
  border: Border,
): TypedValue {
  if (begin === 0 && end === 0) return gradient
  const parts = runsOf(length, begin, end, border).map(({ start, count, first, step }) => {
    const taken = ops.slice(gradient, [{ axis, start, end: start + count }])
    if (step === 0) return padAlong(ops, ops.reduce('ReduceSum', taken, [axis], true), axis, first, length)
    const ascending = step > 0 ? taken : ops.slice(taken, [{ axis, start: count - 1, end: -1, step: -1 }])
    return padAlong(ops, ascending, axis, step > 0 ? first : first - count + 1, length)
  })
  return ops.sum(parts)
}
