import { readFileSync } from 'node:fs'
import { matrix } from 'graft-learn'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/tables/folder.ts'
import { readTable } from './read-table.ts'
import { writePredictions } from './write-csv.ts'

const folder = temporaryFolder()

test('writes a line per row, names in quotes where they need it, six digits', async () => {
  const file = folder.path('predictions.csv')
  const probabilities = matrix(2, 2, Float64Array.of(1 / 3, 2 / 3, 1, 1.234567e-9))
  await writePredictions(file, { predictions: ['b "x"', 'a,1'], probabilities, classes: ['a,1', 'b "x"'] })
  expect(readFileSync(file, 'utf8')).toBe(
    'row,prediction,probability,"a,1","b ""x"""\n1,"b ""x""",0.666667,0.333333,0.666667\n2,"a,1",1,1,1.23457e-9\n',
  )
})

test('is read back by the csv reader', async () => {
  const file = folder.path('many.csv')
  const rows = 20_000
  const probabilities = matrix(rows, 2)
  for (let i = 0; i < rows; i++) probabilities.data.set([0.25, 0.75], i * 2)
  const classes = ['first\nline', 'second']
  await writePredictions(file, { predictions: Array.from({ length: rows }, () => 'second'), probabilities, classes })
  const table = await readTable(file, { label: 'prediction', labelRequired: true })
  expect([table.features.rows, table.columns]).toEqual([rows, ['row', 'probability', ...classes]])
})
