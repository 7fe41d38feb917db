import { expect, it } from 'vitest'
import { textTable } from './text-table.ts'

it('aligns columns and leaves no blanks at the ends of lines', () => {
  const text = textTable(
    [
      { name: 'jda', score: 44.8 },
      { name: 'a', score: 1 },
    ],
    [
      { title: 'method', cell: (row) => row.name },
      { title: 'score', align: 'right', cell: (row) => row.score.toFixed(1) },
    ],
  )
  expect(text).toBe('method  score\njda      44.8\na         1.0')
})
