import type { TransferRun } from './options.ts'
import type { CopyTreatment } from './treatments.ts'

/** A mean over repetitions and its standard error, `s / √n`; the error of fewer than two is NaN. */
export interface Estimate {
  readonly mean: number
  readonly error: number
  readonly count: number
}

/** What was found for one cut; differences are taken within repetitions. */
export interface CutSummary {
  readonly cut: number
  /** Accuracy on task B by treatment, of those that were run. */
  readonly accuracy: Readonly<Partial<Record<CopyTreatment, Estimate>>>
  /** Base B minus BnB: lost since layers that learnt together were separated. */
  readonly coAdaptation: Estimate
  /** BnB minus AnB: lost since the layers were learnt for another task. */
  readonly specificity: Estimate
  /** AnB+ minus base B: won by starting from the other task. */
  readonly gain: Estimate
  /** AnB minus RnB: what the frozen layers of the other task are worth. */
  readonly overRandom: Estimate
}

export interface TransferSummary {
  readonly base: { readonly A: Estimate; readonly B: Estimate }
  readonly cuts: readonly CutSummary[]
  /** The first cut whose specificity lies above 0 by more than two standard errors, as do those of all later cuts. */
  readonly specificFrom: number | null
  /** The cut with the largest mean co-adaptation, where that lies above 0 by more than two standard errors. */
  readonly mostCoAdapted: number | null
}

/** The mean of some numbers with its standard error. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: count < 2 ? Number.NaN : Math.sqrt(squares / (count - 1) / count), count }
}

/** Curves and gaps from runs, finished as far as they are. */
export function summariseTransfer(runs: readonly TransferRun[]): TransferSummary {
  const scores = (treatment: CopyTreatment | 'base', cut: number, task: 'A' | 'B' = 'B') =>
    new Map(
      runs
        .filter((run) => run.treatment === treatment && run.cut === cut && run.task === task)
        .map(({ repetition, accuracy }) => [repetition, accuracy]),
    )
  const between = (one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>) =>
    estimate([...one].flatMap(([r, score]) => (other.has(r) ? [score - other.get(r)!] : [])))
  const base = scores('base', 0)
  const numbers = [...new Set(runs.filter(({ cut }) => cut > 0).map(({ cut }) => cut))].sort((a, b) => a - b)
  const cuts = numbers.map((cut): CutSummary => {
    const at = (treatment: CopyTreatment) => scores(treatment, cut)
    const treated = [...new Set(runs.filter((run) => run.cut === cut).map(({ treatment }) => treatment))]
    return {
      cut,
      accuracy: Object.fromEntries(
        treated.map((treatment) => [treatment, estimate([...scores(treatment, cut).values()])]),
      ),
      coAdaptation: between(base, at('selffer')),
      specificity: between(at('selffer'), at('transfer')),
      gain: between(at('transfer-tuned'), base),
      overRandom: between(at('transfer'), at('random')),
    }
  })
  const lastGeneral = cuts.findLastIndex(({ specificity }) => !isAboveZero(specificity))
  const dip = cuts.reduce<CutSummary | undefined>(
    (most, one) => (one.coAdaptation.mean > (most?.coAdaptation.mean ?? 0) ? one : most),
    undefined,
  )
  return {
    base: { A: estimate([...scores('base', 0, 'A').values()]), B: estimate([...base.values()]) },
    cuts,
    specificFrom: cuts[lastGeneral + 1]?.cut ?? null,
    mostCoAdapted: dip !== undefined && isAboveZero(dip.coAdaptation) ? dip.cut : null,
  }
}

/** By more than two standard errors. */
const isAboveZero = ({ mean, error }: Estimate): boolean => mean > 2 * error
