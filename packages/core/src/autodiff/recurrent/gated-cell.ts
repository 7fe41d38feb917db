import { intOf } from '../../onnx/index.ts'
import type { TypedValue } from '../typed-value.ts'
import type { Cell, SequenceGradient } from './cell.ts'
import { partsOf } from './parts.ts'
import { complement, hiddensBefore, inputProducts, kept, masked, type Sequence, stepsOf } from './sequence.ts'
import { walkBack } from './walk-back.ts'

/**
 * Gated recurrent unit (Cho et al. 2014): `z, r = σ(a_z), σ(a_r)` with `a = xₜWᵀ + hₜ₋₁Rᵀ + b`, `n = tanh(a_n)`,
 * `hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁`. With `linear_before_reset` (as cuDNN and PyTorch have it)
 * `a_n = xₜW_nᵀ + b_n + r ∘ (hₜ₋₁R_nᵀ + b′_n)`, otherwise `a_n = xₜW_nᵀ + b_n + (r ∘ hₜ₋₁)R_nᵀ + b′_n`.
 */
export const gatedCell: Cell = {
  gates: 3,
  activations: ['Sigmoid', 'Tanh'],
  gradient: (sequence) =>
    intOf(sequence.node, 'linear_before_reset', 0) !== 0 ? resetAfter(sequence) : resetBefore(sequence),
}

/** What all steps had in common: `z` and `r` side by side, and the parts that they were made of. */
function gatesOf(sequence: Sequence, bias: TypedValue | undefined) {
  const { ops, hidden, recurrent, activations } = sequence
  const before = hiddensBefore(sequence)
  const [gateWeights, stateWeights] = partsOf(ops, recurrent, 0, [2 * hidden, hidden])
  const [own, ownState] = partsOf(ops, inputProducts(sequence, bias), 1, [2 * hidden, hidden])
  const sums = ops.gemm(before, gateWeights, { transB: true, c: own })
  const gates = activations[0]!.value(ops, sums)
  const [update, reset] = partsOf(ops, gates, 1, [hidden, hidden])
  return {
    before,
    gateWeights,
    stateWeights,
    ownState,
    update,
    reset,
    /** `[left ∘ σ′(a_z), right ∘ σ′(a_r)]` */
    slopes: (left: TypedValue, right: TypedValue) =>
      masked(sequence, activations[0]!.slope(ops, sums, gates, ops.concat([left, right], 1))),
  }
}

/** `∂hₜ` times what is known beforehand gives `[∂a_z, ∂a_r, r ∘ ∂a_n]`, the gradient by the recurrent products. */
function resetAfter(sequence: Sequence): SequenceGradient {
  const { ops, hidden, recurrent, activations, bias } = sequence
  const [ownBias, innerBias] = bias?.map((each) => partsOf(ops, each, 0, [2 * hidden, hidden])) ?? []
  const outer = ownBias && innerBias && ops.concat([ops.add(ownBias[0], innerBias[0]), ownBias[1]], 0)
  const { before, stateWeights, ownState, update, reset, slopes } = gatesOf(sequence, outer)
  const inner = ops.gemm(before, stateWeights, { transB: true, ...(innerBias && { c: innerBias[1] }) })
  const sum = ops.add(ownState, ops.mul(reset, inner))
  const state = activations[1]!.value(ops, sum)
  const byState = masked(sequence, activations[1]!.slope(ops, sum, state, complement(ops, update)))
  const factors = ops.concat([slopes(ops.sub(before, state), ops.mul(byState, inner)), ops.mul(byState, reset)], 1)
  const factor = stepsOf(sequence, factors)
  const keep = stepsOf(sequence, kept(sequence, update))
  const byHiddens: TypedValue[] = []
  const back = (byHidden: TypedValue, step: number) => {
    byHiddens[step] = byHidden
    const product = ops.mul(ops.concat([byHidden, byHidden, byHidden], 1), factor[step]!)
    return { product, direct: [ops.mul(byHidden, keep[step]!)] }
  }
  const { products, first } = walkBack(sequence, recurrent, back, { keeps: true })
  const [byGates] = partsOf(ops, products, 1, [2 * hidden, hidden])
  return {
    products: ops.concat([byGates, ops.mul(ops.concat(byHiddens, 0), byState)], 1),
    recurrentProducts: products,
    recurrent: () => ops.gemm(products, before, { transA: true }),
    firstHidden: first,
  }
}

/** `∂a_n` goes through `R_n` first: `∂(r ∘ hₜ₋₁) = ∂a_n R_n`, of which `∂a_r` and a part of `∂hₜ₋₁` are made. */
function resetBefore(sequence: Sequence): SequenceGradient {
  const { ops, activations, bias } = sequence
  const { before, gateWeights, stateWeights, ownState, update, reset, slopes } = gatesOf(
    sequence,
    bias && ops.add(...bias),
  )
  const shown = ops.mul(reset, before)
  const sum = ops.gemm(shown, stateWeights, { transB: true, c: ownState })
  const state = activations[1]!.value(ops, sum)
  const byState = stepsOf(sequence, masked(sequence, activations[1]!.slope(ops, sum, state, complement(ops, update))))
  const factor = stepsOf(sequence, slopes(ops.sub(before, state), before))
  const keep = stepsOf(sequence, kept(sequence, update))
  const resets = stepsOf(sequence, reset)
  const bySums: TypedValue[] = []
  const back = (byHidden: TypedValue, step: number) => {
    const bySum = ops.mul(byHidden, byState[step]!)
    const byShown = ops.gemm(bySum, stateWeights)
    bySums[step] = bySum
    const product = ops.mul(ops.concat([byHidden, byShown], 1), factor[step]!)
    return { product, direct: [ops.mul(byHidden, keep[step]!), ops.mul(byShown, resets[step]!)] }
  }
  const { products: byGates, first } = walkBack(sequence, gateWeights, back, { keeps: true })
  const bySum = ops.concat(bySums, 0)
  const products = ops.concat([byGates, bySum], 1)
  return {
    products,
    recurrentProducts: products,
    recurrent: () =>
      ops.concat([ops.gemm(byGates, before, { transA: true }), ops.gemm(bySum, shown, { transA: true })], 0),
    firstHidden: first,
  }
}
