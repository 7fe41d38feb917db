import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import type { Cell, SequenceGradient } from './cell.ts'
import { sequencesOf } from './layer.ts'
import type { Sequence } from './sequence.ts'

/**
 * The gradients of a recurrent layer by its inputs. The hidden states that it gave are known, so everything of a step but
 * the gradient that comes from the next one is computed for all steps at once, in large products and passes, and a
 * step has a Gemm and a few element-wise operators left; the weights' gradients are one product each over all steps.
 */
export function layerGradient(call: Backward, cell: Cell): (TypedValue | undefined)[] {
  const { ops, inputs, wants } = call
  const parts = sequencesOf(call, cell).map((sequence) => ({ ...cell.gradient(sequence), sequence }))
  type Part = SequenceGradient & { readonly sequence: Sequence }
  const stacked = (index: number, gradientOf: (part: Part) => TypedValue): TypedValue | undefined => {
    if (!wants(index)) return undefined
    const own = [1, ...inputs[index]!.dims.slice(1)]
    return ops.concat(
      parts.map((part) => ops.reshape(gradientOf(part), own)),
      0,
    )
  }
  const byRows = () =>
    parts.reduce<TypedValue | undefined>(
      (sum, { products, sequence }) => ops.gemm(products, sequence.weights, sum && { c: sum }),
      undefined,
    )!
  const columnSums = (x: TypedValue) => ops.sumTo(x, x.dims.slice(1))
  const byBias = ({ products, recurrentProducts }: Part) => {
    const own = columnSums(products)
    return ops.concat([own, recurrentProducts === products ? own : columnSums(recurrentProducts)], 0)
  }
  return [
    wants(0) ? ops.reshape(byRows(), inputs[0]!.dims) : undefined,
    stacked(1, ({ products, sequence }) => ops.gemm(products, sequence.inputs, { transA: true })),
    stacked(2, ({ recurrent }) => recurrent()),
    stacked(3, byBias),
    undefined,
    stacked(5, ({ firstHidden }) => firstHidden),
    stacked(6, ({ firstCell }) => firstCell!),
    stacked(7, ({ peepholes }) => peepholes!()),
  ]
}
