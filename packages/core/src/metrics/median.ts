/**
 * The median, the mean of the two middle values where their number is even; NaN of nothing. Quickselect (Hoare 1961),
 * `O(n)`; changes the order of `values`.
 */
export function medianInPlace(values: Float64Array): number {
  const n = values.length
  if (n === 0) return Number.NaN
  const upper = select(values, n >> 1)
  if (n % 2 === 1) return upper
  let lower = values[0]
  for (let i = 1; i < n >> 1; i++) lower = Math.max(lower, values[i])
  return (lower + upper) / 2
}

/** The value of rank `k`; afterwards the values before position `k` are no larger, those behind it no smaller. */
function select(values: Float64Array, k: number): number {
  let left = 0
  let right = values.length - 1
  while (left < right) {
    const pivot = values[(left + right) >> 1]
    let i = left
    let j = right
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i <= j) {
        const held = values[i]
        values[i++] = values[j]
        values[j--] = held
      }
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else break
  }
  return values[k]
}
