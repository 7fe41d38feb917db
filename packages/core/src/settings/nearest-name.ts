/**
 * The one of `allowed` that `wanted` was probably meant to be: the smallest edit distance (insert, delete, replace,
 * swap neighbours; case ignored), when that is at most a third of the longer name, or one letter of a short one. First
 * wins.
 */
export function nearestName(wanted: string, allowed: readonly string[]): string | undefined {
  let nearest: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const name of allowed) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase())
    const longer = Math.max(wanted.length, name.length)
    if (distance < least && distance < longer && distance <= Math.max(1, longer / 3)) {
      nearest = name
      least = distance
    }
  }
  return nearest
}

/** `, did you mean "NAME"?` where a name is near enough, else nothing: the end of a sentence. */
export function didYouMean(wanted: string, allowed: readonly string[]): string {
  const nearest = nearestName(wanted, allowed)
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`
}

/** `unknown KIND "wanted"`, with the nearest name and all allowed ones. */
export function unknownName(kind: string, wanted: string, allowed: readonly string[]): string {
  const nearest = nearestName(wanted, allowed)
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`
  return `unknown ${kind} "${wanted}"${hint}: allowed are ${allowed.length === 0 ? 'none' : allowed.join(', ')}`
}

/** Optimal string alignment distance (Damerau 1964, Levenshtein 1966), three rows of the table at a time. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replaced, above[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = above
    above = row
  }
  return above[b.length]!
}
