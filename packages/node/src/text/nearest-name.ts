/**
 * The one of `allowed` that `wanted` was probably meant to be, for "did you mean" messages: the smallest edit distance
 * (insert, delete, replace, swap neighbours; case ignored), when that is at most a third of the longer name. First wins.
 */
export function nearestName(wanted: string, allowed: readonly string[]): string | undefined {
  let nearest: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const name of allowed) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase())
    if (distance < least && distance <= Math.max(wanted.length, name.length) / 3) {
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
