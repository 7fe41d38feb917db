import { mkdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { toDense } from 'graft-learn'
import { expect, test } from 'vitest'
import { expectFault, temporaryFolder } from '../../test/tables/folder.ts'
import { readTable } from './read-table.ts'
import { csvCell } from './write-csv.ts'

const folder = temporaryFolder()
const csv = (text: string | Uint8Array) => folder.write('table.csv', text)
const valuesOf = async (file: string) => [...toDense((await readTable(file)).features).data]

test('reads names, numbers and labels, in the order of the file', async () => {
  const file = csv('größe,label,"a, ""b"""\n1e-3,cat, 3 \n-0.5,,+.5\n2,dog,5.\n')
  expect(await readTable(file)).toEqual({
    file,
    columns: ['größe', 'a, "b"'],
    named: true,
    features: { rows: 3, columns: 2, data: Float64Array.of(0.001, 3, -0.5, 0.5, 2, 5) },
    labels: ['cat', null, 'dog'],
    dropped: [],
  })
})

test('takes line ends of any kind, a byte order mark and blank lines', async () => {
  for (const text of [
    '\ufeffa,b\r\n1,2\r\n\r\n3,4\r\n\r\n',
    '\ufeff"a",b\n1,2\n3,4',
    '\ufeff"a\nx",b\n1,2\n3,4',
    '\n\na,b\n1,2\n3,4\n',
    'a,b\r1,2\r3,4\r',
    'a,b\n1,2\r\n3,4\n',
    'a,b\r\n1,2\n3,4\r\n',
  ]) {
    expect(await valuesOf(csv(text)), JSON.stringify(text)).toEqual([1, 2, 3, 4])
  }
  expect(await valuesOf(csv('a\n1\n\n2\n\n'))).toEqual([1, 2])
})

test('reads tabs and packed files', async () => {
  expect(await valuesOf(folder.write('t.TSV', 'a\tb\n1\t2\n'))).toEqual([1, 2])
  expect(await valuesOf(folder.write('t.csv.gz', gzipSync('a,b\n1,2\n')))).toEqual([1, 2])
  expect(await valuesOf(folder.write('t.tsv.gz', gzipSync('a\tb\n1\t2\n')))).toEqual([1, 2])
  const packed = gzipSync(`a,b\n${'1,2\n'.repeat(9000)}`)
  await expectFault(folder.write('cut.csv.gz', packed.subarray(0, packed.length - 9)), [/damaged or cut short/])
})

test('takes a file name as it is written', async () => {
  mkdirSync(folder.path("k=1 '[*]"))
  folder.write('axb.csv', 'a\n9\n')
  folder.write('a1.csv', 'a\n9\n')
  for (const name of ['a*b.csv', 'a[1].csv', "it's {a,b}?.csv", "k=1 '[*]/a.csv", '%41.csv']) {
    const table = await readTable(folder.write(name, 'a\n1\n'))
    expect([table.columns, ...toDense(table.features).data], name).toEqual([['a'], 1])
  }
})

test('chooses the label, drops columns and keeps names apart that differ in case', async () => {
  const file = csv('id,x,X,class\nu1,1,2,k\nu2,3,4,l\n')
  const table = await readTable(file, { label: 'class', labelRequired: true, drop: ['id', 'absent'] })
  expect([table.columns, table.labels, table.dropped]).toEqual([['x', 'X'], ['k', 'l'], ['id']])
  await expectFault(file, [/no column "clas", did you mean "class"\?/], { label: 'clas', labelRequired: true })
  await expectFault(file, [/no column "zzz": its columns are "id", "x"/], { label: 'zzz', labelRequired: true })
  expect((await readTable(csv('x,y\n1,2\n'))).labels).toBeNull()
})

test('names labels as other forms do', async () => {
  const labels = async (...cells: string[]) =>
    (await readTable(csv(`a,label\n${cells.map((c) => `1,${c}\n`).join('')}`))).labels
  expect(await labels('1.0', '+2', 'NaN', '-1', '')).toEqual(['1', '2', null, '-1', null])
  expect(await labels(' nan', 'x')).toEqual(['nan', 'x'])
  expect(await labels('True', 'False')).toEqual(['true', 'false'])
  expect(await labels('01', '1')).toEqual(['01', '1'])
})

test('names the row, line and column of a bad cell', async () => {
  const bad = (cell: string) => csv(`a,b\n1,2\n\n3,${cell}\n5,6\n`)
  const at = /row 2, column "b": .*line 4 of the file/
  await expectFault(bad('x y'), [at, /"x y"/, /--drop b/, /--label b/])
  for (const text of ['0x10', 'true', '1_000', '1e', '"1,5"', '--1'])
    await expectFault(bad(text), [at, /expected a number/])
  await expectFault(bad(''), [at, /empty/])
  await expectFault(bad('  '), [at, /empty/])
  for (const text of ['nan', '-inf', 'Infinity', '1e400']) await expectFault(bad(text), [at, /finite number/])
})

test('names all columns that are text throughout', async () => {
  const file = csv('a,b,first name,d\n1,x,z,1\n2,y,,oops\n')
  await expectFault(file, [/column "b": it is a text column/, /"first name"/, /--drop b/])
  await expectFault(file, [/column "first name"/, /--drop "first name"/], { drop: ['b'] })
  await expectFault(file, [/row 2, column "d"/], { drop: ['b', 'first name'] })
})

test('refuses what is not a table', async () => {
  await expectFault(csv('a,b\n'), [/no rows/])
  await expectFault(csv('a,b'), [/no rows/])
  await expectFault(csv('\n \n'), [/blank/])
  await expectFault(csv('label\nx\n'), [/no feature columns/])
  await expectFault(csv('a,a\n1,2\n'), [/column "a": two columns/])
  await expectFault(csv(',a\n1,2\n'), [/column 1: .*no name.*index=False/])
  await expectFault(csv('1.5,-2\n1,2\n'), [/first row holds numbers/])
  await expectFault(csv('a,Label\n1,x\n'), [/column "Label"/, /--label Label/])
  await expectFault(csv('a,b\n1,2\n"3",4,5\n'), [/row 2: .*too many cells: 3, expected 2.*line 3/])
  await expectFault(csv('a,"b"\n1,2\n"3\n3",4\n\n5\n'), [/row 3: .*too few cells: 1, expected 2.*line 6/])
  await expectFault(csv('a,b\n1,2\n3,"4\n5,6\n'), [/quoted cell that begins on line 3/])
  await expectFault(csv('a,b\n1,2\n3,"4"y\n5,6\n'), [/quoted cell that begins on line 3/])
  await expectFault(csv(Buffer.from('a,b\n1,\xe9\n', 'latin1')), [/not UTF-8 on line 2/])
})

test('finds a ragged row far down, where a part has been read', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => (i === 54_320 ? '1,2,3' : '1,2'))
  await expectFault(csv(`a,b\n${rows.join('\n')}\n`), [/row 54321: /, /line 54322/])
})

test('reads back any numbers and any text, bit for bit', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', '\r\n', ' ', '#', "'", ';', '\\', '😀') })
  // JavaScript writes -0 as 0.
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
  const rows = fc.array(fc.tuple(number, cell, number), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), async (table, end) => {
      const lines = table.map(([a, text, b]) => [`${a}`, csvCell(`k${text}`), `${b}`].join(','))
      const read = await readTable(csv(['"a ""1""",label,b', ...lines, ''].join(end)))
      expect([...toDense(read.features).data]).toEqual(table.flatMap(([a, , b]) => [a, b]))
      expect(read.labels).toEqual(table.map(([, text]) => `k${text}`.trim()))
    }),
    { numRuns: 60 },
  )
})
