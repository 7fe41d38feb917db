import { type TextColumn, textTable } from '../cli/text-table.ts'
import type { BenchResult } from './compare.ts'
import type { Suite } from './suite.ts'

/** A line of the table: a method as measured here or as published. */
interface Line {
  readonly method: string
  readonly scores: readonly (number | null)[]
  readonly mean: number | null
}

/** Measured and published scores as a table, a line of each per method, a column per task. */
export function benchText(suite: Suite, result: BenchResult): string {
  const lines = result.means.flatMap((mean): Line[] => {
    const rows = suite.tasks.map(
      ({ name }) => result.rows.find((row) => row.method === mean.method && row.task === name)!,
    )
    const here = { method: mean.method, scores: rows.map((row) => row.score), mean: mean.score }
    const published = { method: '  published', scores: rows.map((row) => row.published), mean: mean.published }
    return mean.published === null ? [here] : [here, published]
  })
  const columns: TextColumn<Line>[] = [
    { title: 'METHOD', cell: (line) => line.method },
    ...suite.tasks.map(
      ({ name }, i): TextColumn<Line> => ({
        title: name,
        align: 'right',
        cell: (line) => figure(line.scores[i] ?? null),
      }),
    ),
    { title: 'MEAN', align: 'right', cell: (line) => figure(line.mean) },
  ]
  return `${suite.title}, per cent correct\n\n${textTable(lines, columns)}\n\nPublished: ${suite.publishedIn}.`
}

const figure = (score: number | null): string => (score === null ? '-' : score.toFixed(1))
