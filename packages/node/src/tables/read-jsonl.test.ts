import { toDense } from 'graft-learn'
import { expect, test } from 'vitest'
import { expectFault, temporaryFolder } from '../../test/tables/folder.ts'
import { readTable } from './read-table.ts'

const folder = temporaryFolder()
const jsonl = (...lines: string[]) => folder.write('table.jsonl', `${lines.join('\n')}\n`)

test('reads keys in any order, booleans as 0 and 1, labels of every kind', async () => {
  const file = jsonl(
    '{"a": 1e-3, "b": true}',
    '',
    '{"label": "x\u2028y", "b": false, "a": 2}\r',
    '{"a":3,"b":4,"label":null}',
  )
  const table = await readTable(file)
  expect([...toDense(table.features).data]).toEqual([0.001, 1, 2, 0, 3, 4])
  expect(table).toMatchObject({ columns: ['a', 'b'], named: true, labels: [null, 'x\u2028y', null] })
  expect((await readTable(jsonl('{"a":1,"label":1.0}', '{"a":1,"label":2.5}'))).labels).toEqual(['1', '2.5'])
  expect((await readTable(jsonl('{"a":1,"label":true}'))).labels).toEqual(['true'])
  expect((await readTable(jsonl('{"a":1}'))).labels).toBeNull()
  expect((await readTable(folder.write('t.NDJSON', '{"a":1,"id":"q"}'), { drop: ['id'] })).dropped).toEqual(['id'])
})

test('reads thousands of rows in order', async () => {
  const table = await readTable(jsonl(...Array.from({ length: 30_000 }, (_, i) => `{"a":${i},"b":${-i}}`)), {})
  expect(table.features.rows).toBe(30_000)
  expect([...toDense(table.features).data.subarray(-2)]).toEqual([29_999, -29_999])
})

test('names the row, line and key of what is wrong', async () => {
  const bad = (line: string) => jsonl('{"a":1,"b":2}', '', line, '{"a":1,"b":2}')
  await expectFault(bad('{"a":1,"b":"x"}'), [/row 2, column "b": .*"x".*line 3.*--drop b/])
  await expectFault(bad('{"a":1}'), [/row 2, column "b": .*empty/])
  await expectFault(bad('{"a":1,"b":null}'), [/row 2, column "b": .*empty/])
  await expectFault(bad('{"a":1,"b":1e999}'), [/row 2, column "b": .*finite/])
  await expectFault(bad('{"a":1,"b":[1,2]}'), [/row 2, column "b": .*list/])
  await expectFault(bad('{"a":1,"b":2,"c":3}'), [/row 2, column "c": .*row 1 lacks/])
  await expectFault(bad('{"a":1,"b":NaN}'), [/row 2: line 3 .*write null/])
  await expectFault(bad('{"a":1,'), [/row 2: line 3 .*not JSON/])
  await expectFault(bad('[1,2]'), [/row 2: line 3 .*expected an object/])
  await expectFault(bad('{"a":1,"b":2,"label":{}}'), [/row 2, column "label"/])
  await expectFault(jsonl('['), [/one JSON list/])
  await expectFault(jsonl(''), [/no rows/])
  await expectFault(jsonl('{"label":"x"}'), [/no feature columns/])
  await expectFault(jsonl('{"a":1,"b":"x"}', '{"a":"u","b":"y"}'), [/column "b": it is a text column/])
  await expectFault(jsonl('{"a":1,"klass":2}'), [/did you mean "klass"/], { label: 'class', labelRequired: true })
})
