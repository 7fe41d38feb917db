import { InvalidInputError } from '../errors.ts'

/**
 * What becomes of a network's first `n` layers; the layers after them start afresh and learn task B.
 *
 * - `base`: nothing is copied: a network trained from scratch (`n` is 0), one on each task.
 * - `selffer`: copied from base B and frozen (BnB); `selffer-tuned`: copied from base B and trained on (BnB+).
 * - `transfer`: copied from base A and frozen (AnB); `transfer-tuned`: copied from base A and trained on (AnB+).
 * - `random`: copied from a network that never learnt, and frozen (RnB): the floor.
 */
export type Treatment = 'base' | CopyTreatment

export type CopyTreatment = 'selffer' | 'selffer-tuned' | 'transfer' | 'transfer-tuned' | 'random'

/** Where the copied layers come from, and whether they stay as they are. */
export interface CopyPlan {
  readonly from: 'A' | 'B' | 'untrained'
  readonly frozen: boolean
}

export const copyPlans: Readonly<Record<CopyTreatment, CopyPlan>> = {
  selffer: { from: 'B', frozen: true },
  'selffer-tuned': { from: 'B', frozen: false },
  transfer: { from: 'A', frozen: true },
  'transfer-tuned': { from: 'A', frozen: false },
  random: { from: 'untrained', frozen: true },
}

export const copyTreatments = Object.keys(copyPlans) as readonly CopyTreatment[]

/** One network to train. */
export interface PlannedRun {
  /** Counted from 0. */
  readonly repetition: number
  readonly treatment: Treatment
  /** Layers copied; 0 for `base`. */
  readonly cut: number
  /** What it learns in the end: A for one of the two bases, else B. */
  readonly task: 'A' | 'B'
}

/** What Yosinski et al. call a run: `A3B+`; bases are `baseA` and `baseB`. With `n` for the cut it names a treatment. */
export function runName({
  treatment,
  cut,
  task,
}: Pick<PlannedRun, 'treatment' | 'task'> & { cut: number | 'n' }): string {
  if (treatment === 'base') return `base${task}`
  const { from, frozen } = copyPlans[treatment]
  return `${from === 'untrained' ? 'R' : from}${cut}B${frozen ? '' : '+'}`
}

/** All networks to train, in order: repetition by repetition, the two bases first. */
export function planRuns(repetitions: number, cuts: readonly number[], chosen: readonly CopyTreatment[]): PlannedRun[] {
  return Array.from({ length: repetitions }, (_, repetition): PlannedRun[] => [
    ...(['A', 'B'] as const).map((task) => ({ repetition, treatment: 'base' as const, cut: 0, task })),
    ...cuts.flatMap((cut) => chosen.map((treatment) => ({ repetition, treatment, cut, task: 'B' as const }))),
  ]).flat()
}

/**
 * The cuts to try in a network of `layers` layers, ascending; default: after each layer but the last, which is the
 * classifier. Throws `InvalidInputError` for others.
 */
export function checkCuts(cuts: readonly number[] | undefined, layers: number): number[] {
  const all = Array.from({ length: layers - 1 }, (_, i) => i + 1)
  if (all.length === 0) throw new InvalidInputError('the network has one layer: it takes two or more to cut between')
  if (cuts === undefined) return all
  const wrong = cuts.find((cut) => !all.includes(cut))
  if (wrong === undefined && cuts.length > 0) return all.filter((cut) => cuts.includes(cut))
  throw new InvalidInputError(
    `cuts are whole numbers from 1 to ${all.length}, the layers before the last, got ${wrong ?? 'none'}`,
  )
}
