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

it('keeps names with line ends and escape codes on their line, as text', () => {
  const text = textTable([{ name: 'new\nline \u001b[31m\u009bé' }], [{ title: 'a\tb', cell: (row) => row.name }])
  expect(text).toBe('a\\tb\nnew\\nline \\u001b[31m\\u009bé')
})
