/** Tables of accuracies over seeds. */

/** The 97.5 % point of Student's distribution with 1 to 30 degrees of freedom. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]

/** The mean and the half width of its 95 % confidence interval. */
export function estimate(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, halfWidth: (STUDENT[values.length - 2] ?? 1.96) * Math.sqrt(variance / values.length) }
}

/**
 * A Markdown table: a line for each training, for each column the mean with its interval and how much that is above the
 * column of the training that it names as its `reference`, seed by seed.
 */
export function summary(results, columns) {
  const cell = (values) => {
    if (values.includes(null)) return '–'
    const { mean, halfWidth } = estimate(values)
    return `${(100 * mean).toFixed(1)} ± ${(100 * halfWidth).toFixed(1)}`
  }
  const above = (row, column) => {
    const base = results.find(({ training }) => training === row.reference)
    if (base === undefined || base === row) return [null]
    return row[column].map((value, seed) => (value === null ? null : value - base[column][seed]))
  }
  const lines = results.map((row) => [
    row.training,
    ...columns.flatMap((column) => [cell(row[column]), cell(above(row, column))]),
  ])
  const titles = ['training', ...columns.flatMap((column) => [column, 'above `full`'])]
  const widths = titles.map((title, k) => Math.max(title.length, ...lines.map((line) => line[k].length)))
  const padded = (parts) => parts.map((part, k) => (k === 0 ? part.padEnd(widths[k]) : part.padStart(widths[k])))
  const rule = widths.map((width, k) => (k === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [padded(titles), rule, ...lines.map(padded)].map((parts) => `| ${parts.join(' | ')} |`).join('\n')
}
