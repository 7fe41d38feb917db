import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isSparse, toDense } from 'graft-learn'
import { expect, test } from 'vitest'
import { dataFolder, expectFault, temporaryFolder } from '../../test/tables/folder.ts'
import { readTable } from './read-table.ts'

const folder = temporaryFolder()
const svmlight = (text: string) => folder.write('table.svmlight', text)

test('keeps rows sparse, passes over comments and query ids, sorts pairs', async () => {
  const table = await readTable(svmlight('# a comment\n+1 qid:3 1:0.5 3:-2e1 # why\r\n\n-1\n1.0 4:1 2:7 1:0\n'))
  expect(isSparse(table.features)).toBe(true)
  expect(table.features).toMatchObject({ rows: 3, columns: 4, starts: Int32Array.of(0, 2, 2, 4) })
  expect([...toDense(table.features).data]).toEqual([0.5, 0, -20, 0, 0, 0, 0, 0, 0, 7, 0, 1])
  expect(table).toMatchObject({
    labels: ['1', '-1', '1'],
    named: false,
    firstIndex: 1,
    columns: ['f0', 'f1', 'f2', 'f3'],
  })
})

test('numbers features from 0 where an index 0 occurs or the caller says so', async () => {
  expect(await readTable(svmlight('1 0:1 2:1\n'))).toMatchObject({ firstIndex: 0, features: { columns: 3 } })
  expect(await readTable(svmlight('1 2:1\n'))).toMatchObject({ firstIndex: 1, features: { columns: 2 } })
  expect(await readTable(svmlight('1 2:1\n'), { firstIndex: 0 })).toMatchObject({ features: { columns: 3 } })
  await expectFault(svmlight('1 0:1\n'), [/index 0/], { firstIndex: 1 })
})

test('widens to a known number of features, never narrows', async () => {
  expect((await readTable(svmlight('1 2:1\n'), { features: 5 })).features.columns).toBe(5)
  expect((await readTable(svmlight('1 7:1\n'), { features: 5 })).features.columns).toBe(7)
})

test('takes text, missing and absent labels', async () => {
  expect((await readTable(svmlight('cat 1:1\nnan 1:1\n'))).labels).toEqual(['cat', 'nan'])
  expect((await readTable(svmlight('1 1:1\nnan 1:1\n'))).labels).toEqual(['1', null])
  expect((await readTable(svmlight('1:1\n2:1\n'))).labels).toBeNull()
})

test('names the row and line of what is not a pair', async () => {
  const bad = (pair: string) => svmlight(`1 1:1\n\n1 2:1 ${pair}\n`)
  for (const pair of ['3', '3:', ':3', 'a:1', '3:x', '-3:1', '3:1:1', '3:0x1', '1.5:1']) {
    await expectFault(bad(pair), [/row 2: .*expected index:value.*line 3/])
  }
  await expectFault(bad('3:nan'), [/row 2, column 3: .*finite/])
  await expectFault(bad('3:1e999'), [/row 2, column 3: .*finite/])
  await expectFault(bad('2:5'), [/row 2, column 2: .*twice/])
  await expectFault(svmlight('# nothing\n'), [/no rows/])
  await expectFault(svmlight('1\n2\n'), [/no row has a feature/])
})

test.skipIf(!existsSync(dataFolder))('reads the Amazon reviews (skipped where absent: set GRAFT_DATA)', async () => {
  const table = await readTable(join(dataFolder, 'amazon-reviews-5000bow/books_train.svmlight'), { features: 5000 })
  expect(table).toMatchObject({ firstIndex: 0, features: { rows: 2000, columns: 5000 } })
  expect(new Set(table.labels)).toEqual(new Set(['1', '-1']))
})
