import type { Cell } from './cell.ts'
import { hiddensBefore, inputProducts, masked, stepsOf } from './sequence.ts'
import { walkBack } from './walk-back.ts'

/** `hₜ = f(aₜ)`, `aₜ = xₜWᵀ + hₜ₋₁Rᵀ + b`: `∂aₜ = ∂hₜ ∘ f′(aₜ)`. */
export const plainCell: Cell = {
  gates: 1,
  activations: ['Tanh'],
  gradient(sequence) {
    const { ops, recurrent, bias, outputs, activations } = sequence
    const before = hiddensBefore(sequence)
    const own = inputProducts(sequence, bias && ops.add(...bias))
    const sums = ops.gemm(before, recurrent, { transB: true, c: own })
    const ones = ops.expand(ops.scalar(1, outputs), outputs.dims)
    const slopes = stepsOf(sequence, masked(sequence, activations[0]!.slope(ops, sums, outputs, ones)))
    const { products, first } = walkBack(sequence, recurrent, (byHidden, step) => ({
      product: ops.mul(byHidden, slopes[step]!),
    }))
    return {
      products,
      recurrentProducts: products,
      recurrent: () => ops.gemm(products, before, { transA: true }),
      firstHidden: first,
    }
  },
}
