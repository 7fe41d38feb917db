import type { Random } from '../../../tensor/index.ts'

/**
 * The rows of a domain in an endless order: all of them shuffled, then all of them in another order, and so on. Gives the
 * row at each of `count` places from `from` on, which depends on the seed and the place alone.
 */
export type RowStream = (from: number, count: number) => Int32Array

export function rowStream(rows: number, random: Random): RowStream {
  let at = -1
  let order: Int32Array = new Int32Array()
  const passAt = (pass: number) => {
    if (pass !== at) {
      at = pass
      order = random.fork(`pass ${pass}`).permutation(rows)
    }
    return order
  }
  return (from, count) =>
    Int32Array.from({ length: count }, (_, i) => passAt(Math.floor((from + i) / rows))[(from + i) % rows]!)
}
