import { readFileSync } from 'node:fs'
import { toDense } from 'graft-learn'
import { expect, test } from 'vitest'
import { expectFault, temporaryFolder } from '../../test/tables/folder.ts'
import { sqlText, withDuckDB } from './duckdb.ts'
import { readTable } from './read-table.ts'

const folder = temporaryFolder()
async function parquet(select: string, name = 'table.parquet'): Promise<string> {
  const file = folder.path(name)
  await withDuckDB((connection) => connection.run(`copy (${select}) to ${sqlText(file)} (format parquet)`))
  return file
}

test('reads numbers of every type and labels of every type', async () => {
  const numbers = ['tinyint', 'usmallint', 'integer', 'ubigint', 'float', 'double', 'decimal(9,2)']
  const columns = numbers.map((type, j) => `${j + 1}::${type} as "c ${j}"`)
  const file = await parquet(
    `select ${columns.join()}, true as flag, 'cat' as label, 0 as __index_level_0__`,
    "it's [1]*.parquet",
  )
  const table = await readTable(file)
  expect([...toDense(table.features).data]).toEqual([1, 2, 3, 4, 5, 6, 7, 1])
  expect(table.columns.slice(-2)).toEqual(['c 6', 'flag'])
  expect([table.labels, table.named]).toEqual([['cat'], true])
  const labels = async (values: string) =>
    (await readTable(await parquet(`select 1 as a, * from (values ${values}) as t(label)`))).labels
  expect(await labels("(1.0::double), ('nan'::double), (null), (2.5::double)")).toEqual(['1', null, null, '2.5'])
  expect(await labels('(true), (false)')).toEqual(['true', 'false'])
  expect(await labels('(3), (null)')).toEqual(['3', null])
})

test('keeps the order of many rows', async () => {
  const table = await readTable(await parquet('select i as a, i % 7 as label from range(300000) as t(i) order by i'))
  const { data } = toDense(table.features)
  expect(data.every((value, i) => value === i)).toBe(true)
  expect(table.labels?.slice(-2)).toEqual([`${299998 % 7}`, `${299999 % 7}`])
})

test('names the row and column of what is wrong', async () => {
  const b = async (value: string) => parquet(`select * from (values (1, 2.0::double), (3, ${value})) as t(a, b)`)
  await expectFault(await b('null'), [/row 2, column "b": .*empty/])
  await expectFault(await b("'nan'::double"), [/row 2, column "b": .*finite/])
  await expectFault(await b("'-inf'::double"), [/row 2, column "b": .*finite/])
  await expectFault(await parquet("select 'x' as a, 'y' as b, 1 as c"), [/column "a": it is a text column.*"b"/])
  await expectFault(await parquet("select 1 as a, date '2020-01-01' as d"), [/column "d": it is a date column/])
  await expectFault(await parquet("select {'k': 1} as s, 1 as a"), [/column "s": it is a nested column/])
  await expectFault(await parquet('select 1 as a, [1] as label'), [/label column holds lists/])
  await expectFault(await parquet('select 1 as a where false'), [/no rows/])
})

test('refuses a damaged file', async () => {
  const whole = readFileSync(await parquet('select i as a from range(1000) as t(i)'))
  for (const length of [3, 100, whole.length - 1]) {
    await expectFault(folder.write('cut.parquet', whole.subarray(0, length)), [/not a Parquet file/])
  }
  const blank = Buffer.from(whole)
  blank.fill(0xff, 4, whole.length - 8)
  await expectFault(folder.write('blank.parquet', blank), [/not a Parquet file/])
})
