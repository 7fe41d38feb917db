/** Mean, and deviation of a sample, of a list of numbers. */
export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

export const deviationOf = (values) => {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
