import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { isSparse, type Matrix, toDense } from 'graft-learn'
import { expect, test } from 'vitest'
import { dataFolder, expectFault, temporaryFolder } from '../../test/tables/folder.ts'
import { bytesOf, npyFile } from '../../test/tables/npy.ts'
import { readTable } from './read-table.ts'

const folder = temporaryFolder()
const npz = (arrays: Record<string, Uint8Array>, level: 0 | 6 = 6) =>
  folder.write(
    'table.npz',
    zipSync(Object.fromEntries(Object.entries(arrays).map(([k, v]) => [`${k}.npy`, v])), { level }),
  )
const x = npyFile('<f8', [2, 2], bytesOf(Float64Array.of(1, 2, 3, 4)))
const labelsOf = async (y: Uint8Array) => (await readTable(npz({ x, y }))).labels
const unicode = (...texts: string[]) =>
  bytesOf(Uint32Array.from(texts.flatMap((text) => Array.from({ length: 3 }, (_, i) => text.codePointAt(i) ?? 0))))

const integers = { i1: Int8Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array }
const types = { ...integers, f4: Float32Array, f8: Float64Array, i8: BigInt64Array, u8: BigUint64Array }

test('reads every numeric type, byte order and element order, packed or not', async () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
  const names = fc.constantFrom(...(Object.keys(types) as (keyof typeof types)[]))
  const level = fc.constantFrom<(0 | 6)[]>(0, 6)
  await fc.assert(
    fc.asyncProperty(names, shapes, fc.boolean(), fc.boolean(), level, async (type, [n, d], big, fortran, packing) => {
      const wanted = Float64Array.from({ length: n * d }, (_, k) => (k * 37) % 120)
      const stored = Array.from(wanted, (_, k) => wanted[fortran ? (k % n) * d + Math.floor(k / n) : k]!)
      const wide = type === 'i8' || type === 'u8'
      const array = wide ? types[type].from(stored.map(BigInt)) : (types[type] as typeof Float64Array).from(stored)
      const bytes = Buffer.from(bytesOf(array))
      const size = Number(type[1])
      if (big && size === 2) bytes.swap16()
      if (big && size === 4) bytes.swap32()
      if (big && size === 8) bytes.swap64()
      const file = npyFile(`${big ? '>' : '<'}${type}`, [n, d], bytes, fortran)
      const read = (await readTable(npz({ x: file }, packing))).features as Matrix
      expect([read.rows, read.columns]).toEqual([n, d])
      expect(read.data).toEqual(wanted)
    }),
    { numRuns: 80 },
  )
})

test('reads half precision and booleans', async () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000)
  const table = await readTable(npz({ x: npyFile('<f2', [3, 2], bytesOf(halves)) }))
  expect(toDense(table.features).data).toEqual(Float64Array.of(1, -2, 0.333251953125, 2 ** -24, 65504, -0))
  const booleans = await readTable(npz({ x: npyFile('|b1', [1, 3], Uint8Array.of(1, 0, 1)) }))
  expect([...toDense(booleans.features).data]).toEqual([1, 0, 1])
  expect([booleans.columns, booleans.named, booleans.labels]).toEqual([['f0', 'f1', 'f2'], false, null])
})

test('names labels of every type', async () => {
  expect(await labelsOf(npyFile('<f8', [2], bytesOf(Float64Array.of(1, Number.NaN))))).toEqual(['1', null])
  expect(await labelsOf(npyFile('<f4', [2, 1], bytesOf(Float32Array.of(2.5, 0.1))))).toEqual(['2.5', '0.1'])
  expect(await labelsOf(npyFile('<i8', [2], bytesOf(BigInt64Array.of(-1n, 2n ** 60n + 1n))))).toEqual([
    '-1',
    '1152921504606846977',
  ])
  expect(await labelsOf(npyFile('|b1', [2], Uint8Array.of(0, 1)))).toEqual(['false', 'true'])
  expect(await labelsOf(npyFile('<U3', [2], unicode('né', '')))).toEqual(['né', null])
  expect(await labelsOf(npyFile('|S3', [2], Buffer.from('cat\0\0\0')))).toEqual(['cat', null])
})

test('reads an array alone, of one row', async () => {
  const table = await readTable(folder.write('a.npy', npyFile('<f8', [1, 2], bytesOf(Float64Array.of(1, 2)))))
  expect([table.features.rows, table.labels]).toEqual([1, null])
  expect(isSparse(table.features)).toBe(false)
})

test('refuses what is not a labelled matrix', async () => {
  await expectFault(npz({ X: x, y: x }), [/no array x, only X, y/])
  await expectFault(npz({ x: npyFile('<f8', [4], x.slice(-32)) }), [/array x: the shape is \(4\).*reshape\(-1, 1\)/])
  await expectFault(npz({ x: npyFile('<f8', [1, 2, 2], x.slice(-32)) }), [/shape is \(1, 2, 2\).*reshape/])
  await expectFault(npz({ x: npyFile('<f8', [0, 2], x.slice(0, 0)) }), [/0 rows of 2 features/])
  await expectFault(npz({ x, y: npyFile('<i4', [3], new Uint8Array(12)) }), [
    /array y: the shape is \(3\), expected \(2\)/,
  ])
  await expectFault(npz({ x, y: npyFile('|O', [2], new Uint8Array(2)) }), [/array y: .*object/])
  await expectFault(npz({ x: npyFile('<U2', [1, 1], new Uint8Array(8)) }), [/array x: .*text \(U2\)/])
  await expectFault(npz({ x: npyFile('<c8', [1, 1], new Uint8Array(8)) }), [/array x: .*complex/])
  await expectFault(npz({ x, y: npyFile('<M8[D]', [2], new Uint8Array(16)) }), [/array y: .*date \(M8\)/])
  const nan = npyFile('<f8', [2, 2], bytesOf(Float64Array.of(1, 2, Number.NaN, 4)))
  await expectFault(npz({ x: nan }), [/row 2, column "f0": .*NaN.*remove the row$/])
  const infinite = npyFile('<f4', [1, 2], bytesOf(Float32Array.of(1, Number.NEGATIVE_INFINITY)))
  await expectFault(folder.write('a.npy', infinite), [/row 1, column "f1": .*-Infinity/])
})

test('refuses damaged files, wherever they are cut or changed', async () => {
  for (const level of [0, 6] as const) {
    const whole = zipSync({ 'x.npy': x }, { level })
    for (let length = 1; length < whole.length; length += 7) {
      await expectFault(folder.write('cut.npz', whole.slice(0, length)), [/damaged or cut short/])
    }
    const changed = whole.slice()
    changed[80] = changed[80]! ^ 1
    await expectFault(folder.write('changed.npz', changed), [/damaged or cut short/])
  }
  for (const length of [3, 8, 40, x.length - 1]) {
    await expectFault(folder.write('cut.npy', x.slice(0, length)), [/array|cut short/])
  }
  await expectFault(folder.write('text.npy', 'a,b\n1,2\nand more text\n'), [/not a NumPy array/])
})

test.skipIf(!existsSync(dataFolder))(
  `reads the data sets in ${dataFolder} (skipped where absent: set GRAFT_DATA)`,
  async () => {
    const shapeOf = async (name: string) => {
      const { features, labels } = await readTable(join(dataFolder, name))
      return [features.rows, features.columns, new Set(labels).size]
    }
    expect(await shapeOf('digits/mnist2000.npz')).toEqual([2000, 256, 10])
    expect(await shapeOf('digits/mnist5000.npz')).toEqual([5000, 784, 10])
    expect(await shapeOf('office-caltech10-surf/caltech.npz')).toEqual([1123, 800, 10])
    const glove = await readTable(join(dataFolder, 'glove-twitter-25d/vectors.npy'))
    expect([glove.features.columns, glove.labels]).toEqual([25, null])
  },
)
