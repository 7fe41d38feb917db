/** Where position `i` outside an axis of `length` takes its number from. */
export type Border = (i: number, length: number) => number

const remainder = (i: number, period: number): number => ((i % period) + period) % period

/** The modes of `Pad` that repeat elements. */
export const borders: Readonly<Record<string, Border>> = {
  edge: (i, length) => (i < 0 ? 0 : length - 1),
  wrap: remainder,
  reflect(i, length) {
    const last = Math.max(1, length - 1)
    const place = remainder(i, 2 * last)
    return length === 1 ? 0 : Math.min(place, 2 * last - place)
  },
}

/** Neighbours in a padded axis, from `start` on, that show the elements `first`, `first + step` and on. */
export interface Run {
  readonly start: number
  readonly count: number
  readonly first: number
  /** 1, −1, or 0 where all show the same one. */
  readonly step: number
}

/**
 * A padded axis as runs, as few as there can be. Negative widths cut first: borders then repeat what is left.
 */
export function runsOf(length: number, begin: number, end: number, border: Border): Run[] {
  const cut = Math.max(0, -begin)
  const kept = length - cut - Math.max(0, -end)
  const runs: Run[] = []
  for (let at = 0; at < length + begin + end; at++) {
    const i = at - Math.max(0, begin)
    const place = cut + (i >= 0 && i < kept ? i : border(i, kept))
    const run = runs.at(-1)
    const step = run === undefined ? Number.NaN : place - (run.first + (run.count - 1) * run.step)
    if (run !== undefined && (run.count === 1 ? Math.abs(step) <= 1 : step === run.step)) {
      runs[runs.length - 1] = { ...run, count: run.count + 1, step }
    } else {
      runs.push({ start: at, count: 1, first: place, step: 1 })
    }
  }
  return runs
}
