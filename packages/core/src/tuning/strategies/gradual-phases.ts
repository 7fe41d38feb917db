import type { Phase } from '../strategy.ts'

/** `items` in `count` parts, in order, whose sizes differ by one at most. */
export const parted = <T>(items: readonly T[], count: number): T[][] =>
  Array.from({ length: count }, (_, i) =>
    items.slice(Math.floor((i * items.length) / count), Math.floor(((i + 1) * items.length) / count)),
  )

/**
 * What is trained when: the head by itself for `each` epochs, then one more of the groups, last to first, for as many
 * again; with the last one thawed, all epochs that are left. Where there are too few epochs, several groups thaw at once;
 * where there are no more than `each`, all do at the start.
 */
export function thawingPhases(
  groups: readonly (readonly string[])[],
  head: readonly string[],
  epochs: number,
  each: number,
): Phase[] {
  const steps = Math.min(groups.length, Math.floor((epochs - 1) / each))
  const thawed = steps === 0 ? [] : parted(groups, steps).map((together) => together.flat())
  if (steps === 0) return [phaseOf([...groups.flat(), ...head], epochs)]
  return Array.from({ length: steps + 1 }, (_, phase) =>
    phaseOf([...thawed.slice(steps - phase).flat(), ...head], phase < steps ? each : epochs - steps * each),
  )
}

function phaseOf(names: readonly string[], epochs: number): Phase {
  const trained = new Set(names)
  return { epochs, trainable: (name) => trained.has(name) }
}
