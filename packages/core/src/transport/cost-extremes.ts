import type { Matrix } from '../tensor/index.ts'

/** How small and large the entries of a cost matrix are. */
export interface CostExtremes {
  /** The least cost of each row. */
  readonly rowLeast: Float64Array
  readonly least: number
  readonly largest: number
}

/** One pass over finite costs, two columns at a time, since each comparison waits for the one before. */
export function costExtremes({ rows, columns, data }: Matrix): CostExtremes {
  const rowLeast = new Float64Array(rows)
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < rows; i++) {
    const end = (i + 1) * columns
    let least = data[end - 1]
    let most = least
    let evenLeast = least
    let evenMost = least
    for (let e = i * columns + 1; e < end; e += 2) {
      const even = data[e - 1]
      const odd = data[e]
      if (even < evenLeast) evenLeast = even
      if (even > evenMost) evenMost = even
      if (odd < least) least = odd
      if (odd > most) most = odd
    }
    rowLeast[i] = Math.min(evenLeast, least)
    largest = Math.max(largest, evenMost, most)
  }
  return { rowLeast, least: rowLeast.reduce((least, value) => Math.min(least, value)), largest }
}
