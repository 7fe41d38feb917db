import { splitRows } from '../data/index.ts'
import type { Random } from '../tensor/index.ts'
import type { TuningRows } from './tuning-rows.ts'

/** Which rows train and which choose the epoch. */
export interface ChosenRows {
  /** Numbers of training rows. */
  readonly training: Int32Array
  /** Rows held out of the training rows, or given for it; absent where there are none. */
  readonly heldOut?: Int32Array
  readonly given?: TuningRows
}

/** With fewer rows than this in some class, holding one out costs more than it tells. */
const FEWEST = 4

/**
 * Holds a share of the rows out, class by class; none where rows for validation are given, where `share` is 0, or where
 * the smallest class has fewer than four rows.
 */
export function chooseRows(
  { training, validation }: { readonly training: TuningRows; readonly validation?: TuningRows | undefined },
  share: number,
  random: Random,
): ChosenRows {
  const all = Int32Array.from({ length: training.rows }, (_, row) => row)
  if (validation !== undefined) return { training: all, given: validation }
  const counts = new Map<number, number>()
  for (const label of training.labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  if (share === 0 || Math.min(...counts.values()) < FEWEST) return { training: all }
  const { part, rest } = splitRows(training.labels, { fraction: share }, random)
  return { training: rest, heldOut: part }
}
