import type { TypedValue } from '../typed-value.ts'
import type { Cell } from './cell.ts'
import { memoryOf } from './memory.ts'
import { partsOf } from './parts.ts'
import { kept, masked, type Sequence, stepsOf } from './sequence.ts'
import { walkBack } from './walk-back.ts'

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997): `i, o, f = σ(a)` and `g = tanh(a_g)` of
 * `a = xₜWᵀ + hₜ₋₁Rᵀ + b`, with peepholes `+ p ∘ c`; `cₜ = f ∘ cₜ₋₁ + i ∘ g`, `hₜ = o ∘ tanh(cₜ)`.
 *
 * Backward, `∂cₜ = ∂hₜ ∘ o ∘ tanh′(cₜ) + ∂cₜ₊₁ ∘ fₜ₊₁`, and `∂a` is `[∂c, ∂h, ∂c, ∂c]` times factors that are known for all steps
 * beforehand; peepholes add to the factors alone.
 */
export const memoryCell: Cell = {
  gates: 4,
  activations: ['Sigmoid', 'Tanh', 'Tanh'],
  gradient(sequence) {
    const { ops, hidden, recurrent, byLastCell, peepholes } = sequence
    const memory = memoryOf(sequence)
    const factors = factorsOf(sequence, memory)
    const gates = stepsOf(sequence, factors.gates)
    const keep = stepsOf(sequence, factors.keep)
    const show = stepsOf(sequence, factors.show)
    let byCellLater = byLastCell
    const { products, first } = walkBack(sequence, recurrent, (byHidden, step) => {
      const shown = ops.mul(byHidden, show[step]!)
      const byCell = byCellLater === undefined ? shown : ops.add(byCellLater, shown)
      byCellLater = ops.mul(byCell, keep[step]!)
      return { product: ops.mul(ops.concat([byCell, byHidden, byCell, byCell], 1), gates[step]!) }
    })
    return {
      products,
      recurrentProducts: products,
      recurrent: () => ops.gemm(products, memory.hiddensBefore, { transA: true }),
      firstHidden: first,
      firstCell: byCellLater!,
      ...(peepholes && {
        peepholes: () => {
          const [gatesSeeing] = partsOf(ops, products, 1, [3 * hidden, hidden])
          const seen = ops.concat([memory.cellsBefore, memory.cells, memory.cellsBefore], 1)
          return ops.sumTo(ops.mul(gatesSeeing, seen), [3 * hidden])
        },
      }),
    }
  },
}

/** The derivatives of all steps: of gates by what they are made of, of a cell by the one before, and by it of `h`. */
function factorsOf(
  sequence: Sequence,
  { input, output, forget, candidate, cells, cellsBefore }: ReturnType<typeof memoryOf>,
) {
  const { ops, hidden, activations, peepholes } = sequence
  const [f, g, h] = [activations[0]!, activations[1]!, activations[2]!]
  const shown = h.value(ops, cells)
  const written = forget.sum === undefined ? ops.sub(candidate.value, cellsBefore) : candidate.value
  const byInput = f.slope(ops, input.sum, input.value, written)
  const byOutput = f.slope(ops, output.sum, output.value, shown)
  const byForget =
    forget.sum === undefined
      ? ops.expand(ops.scalar(0, cells), cells.dims)
      : f.slope(ops, forget.sum, forget.value, cellsBefore)
  const byCandidate = g.slope(ops, candidate.sum, candidate.value, input.value)
  let keep: TypedValue = forget.value
  let show = h.slope(ops, cells, shown, output.value)
  if (peepholes !== undefined) {
    const [inputHole, outputHole, forgetHole] = partsOf(ops, peepholes, 0, [hidden, hidden, hidden])
    keep = ops.sum([keep, ops.mul(byInput, inputHole), ops.mul(byForget, forgetHole)])
    show = ops.add(show, ops.mul(byOutput, outputHole))
  }
  return {
    gates: masked(sequence, ops.concat([byInput, byOutput, byForget, byCandidate], 1)),
    keep: kept(sequence, keep),
    show: masked(sequence, show),
  }
}
