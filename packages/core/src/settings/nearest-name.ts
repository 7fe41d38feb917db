/** The allowed name closest to `wanted` by edit distance, where one is close enough to be meant; else undefined. */
export function nearestName(wanted: string, allowed: readonly string[]): string | undefined {
  const ranked = allowed
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(2, Math.floor(wanted.length / 3)) ? best.name : undefined
}

/** `unknown KIND "wanted"`, with the nearest name and all allowed ones. */
export function unknownName(kind: string, wanted: string, allowed: readonly string[]): string {
  const nearest = nearestName(wanted, allowed)
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`
  return `unknown ${kind} "${wanted}"${hint}: allowed are ${allowed.length === 0 ? 'none' : allowed.join(', ')}`
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}
