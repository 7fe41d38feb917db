/** What losses are made of, in plain float64 numbers, to measure graphs against. */

export const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, x) => all + x, 0)

export const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((x, i) => x * b[i]!))

export function softmax(row: readonly number[]): number[] {
  const most = Math.max(...row)
  const masses = row.map((z) => Math.exp(z - most))
  return masses.map((mass) => mass / sum(masses))
}

/** In nats; a probability of 0 adds 0. */
export const entropy = (p: readonly number[]): number => -sum(p.map((x) => (x > 0 ? x * Math.log(x) : 0)))

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

/** The place of the first largest number. */
export const argmax = (row: readonly number[]): number => row.indexOf(Math.max(...row))

/** The mean of each column of a matrix. */
export const columnMeans = (rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.map((_, j) => mean(rows.map((row) => row[j]!)))
