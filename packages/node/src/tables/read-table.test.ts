import { toDense } from 'graft-learn'
import { expect, test } from 'vitest'
import { expectFault, temporaryFolder } from '../../test/tables/folder.ts'
import { readTable, tableExtensions } from './read-table.ts'

const folder = temporaryFolder()

test('refuses what is not a data file, and says what is', async () => {
  folder.write('table.csv', 'a\n1\n')
  await expectFault(folder.path('tabel.csv'), [/no such file, did you mean "table.csv"/])
  await expectFault(folder.path('table.csv/x.csv'), [/no such file/])
  await expectFault(folder.path(''), [/folder/, /--backbone/])
  await expectFault(folder.write('table.xlsx', 'x'), [/\.csv, \.tsv, \.parquet, \.jsonl, \.npz, \.npy, \.svmlight/])
  if (process.platform === 'linux') await expectFault('/dev/null', [/device/])
})

test('says of every form that an empty file is empty', async () => {
  for (const extension of tableExtensions) await expectFault(folder.write(`empty${extension}`, ''), [/empty/])
})

test('reads the same table from every form of text', async () => {
  const files = {
    'a.csv': 'f0,f1,label\n1,0,1.0\n0,2.5,\n',
    'a.tsv': 'f0\tlabel\tf1\n1\t1\t0\n0\t\t2.5\n',
    'a.jsonl': '{"f0":1,"f1":0,"label":1}\n{"f0":0,"f1":2.5}\n',
    'a.svmlight': '+1 1:1\nnan 2:2.5\n',
  }
  for (const [name, text] of Object.entries(files)) {
    const table = await readTable(folder.write(name, text))
    expect([...toDense(table.features).data], name).toEqual([1, 0, 0, 2.5])
    expect([table.columns, table.labels], name).toEqual([
      ['f0', 'f1'],
      ['1', null],
    ])
  }
})
