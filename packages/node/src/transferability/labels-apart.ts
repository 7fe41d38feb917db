/** Labels in order of height, each at least `line` below the one before, together as near to their places as can be. */
export function apart<T extends { readonly y: number }>(labels: readonly T[], line: number): T[] {
  const placed = labels.map((label) => ({ ...label })).sort((a, b) => a.y - b.y)
  for (let round = 0; round < 100; round++) {
    for (let i = 1; i < placed.length; i++) {
      const overlap = line - (placed[i]!.y - placed[i - 1]!.y)
      if (overlap <= 0) continue
      placed[i] = { ...placed[i]!, y: placed[i]!.y + overlap / 2 }
      placed[i - 1] = { ...placed[i - 1]!, y: placed[i - 1]!.y - overlap / 2 }
    }
  }
  return placed
}
