import type { TypedValue } from '../typed-value.ts'
import { complement, masked, noState, type Sequence, stepsOf } from './sequence.ts'

/** What the gradient by the hidden state after a step is turned into. */
export interface StepBack {
  /** The gradient by the recurrent product of the step, `B × n`. */
  readonly product: TypedValue
  /** What reaches the hidden state before the step on other ways, `B × H` each. */
  readonly direct?: readonly TypedValue[]
}

export interface WalkedBack {
  /** The gradient by the recurrent products of all steps, `T·B × n`. */
  readonly products: TypedValue
  /** The gradient by the hidden state before the first step, `B × H`. */
  readonly first: TypedValue
}

/**
 * Takes the gradient by the hidden state from the last step to the first. Each step has a recurrent product `p = hₜ₋₁ Rᵀ`,
 * so `∂hₜ₋₁ = ∂p R + …`: one Gemm, which adds what else arrives. `back` is given `∂hₜ` (`B × H`) and `t`; at steps beyond an
 * example's end, where the state stays, its product must be 0, and unless `keeps` is given, which says that `direct`
 * holds it, the gradient passes from `∂hₜ` to `∂hₜ₋₁` there.
 */
export function walkBack(
  sequence: Sequence,
  recurrent: TypedValue,
  back: (byHidden: TypedValue, step: number) => StepBack,
  { keeps = false } = {},
): WalkedBack {
  const { ops, order, byOutputs, byLastHidden, within } = sequence
  const sum = (parts: readonly (TypedValue | undefined)[]): TypedValue | undefined => {
    const there = parts.filter((part) => part !== undefined)
    return there.length === 0 ? undefined : ops.sum(there)
  }
  const arriving = byOutputs === undefined ? [] : stepsOf(sequence, masked(sequence, byOutputs))
  const beyond = within === undefined || keeps ? [] : stepsOf(sequence, complement(ops, within))
  const products: TypedValue[] = []
  let hiddenBefore = (byOutput?: TypedValue) => sum([byLastHidden, byOutput]) ?? noState(sequence)
  for (const step of [...order].reverse()) {
    const byHidden = hiddenBefore(arriving[step])
    const { product, direct = [] } = back(byHidden, step)
    const outside = beyond[step]
    const stays = outside === undefined ? undefined : ops.mul(byHidden, outside)
    products[step] = product
    hiddenBefore = (byOutput) => {
      const others = sum([...direct, stays, byOutput])
      return ops.gemm(product, recurrent, others === undefined ? {} : { c: others })
    }
  }
  return { products: ops.concat(products, 0), first: hiddenBefore() }
}
