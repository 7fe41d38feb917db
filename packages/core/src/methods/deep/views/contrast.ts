import type { View } from '../trainer/domain-batches.ts'

/**
 * Stretches or flattens each row about its own mean, by a factor from `1 − amount` to `1 + amount`, and makes it lighter or
 * darker by up to `amount` of its standard deviation.
 */
export const contrast =
  (amount: number): View =>
  (rows, count, random) => {
    const result = new Float32Array(rows.length)
    const length = rows.length / count
    const any = () => amount * (2 * random.uniform() - 1)
    for (let i = 0; i < count; i++) {
      const row = rows.subarray(i * length, (i + 1) * length)
      const mean = row.reduce((sum, value) => sum + value, 0) / length
      const deviation = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length)
      const [factor, offset] = [1 + any(), any() * deviation]
      row.forEach((value, j) => {
        result[i * length + j] = mean + (value - mean) * factor + offset
      })
    }
    return result
  }
