import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { openSegment, segmentBytes } from './segment.ts'

const folder = mkdtempSync(join(tmpdir(), 'graft-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'a.rows')

const hashed = (rows: number, size: number, seed: number) =>
  Array.from({ length: rows }, (_, i) => ({
    hash: `${i}`.padStart(32, '0'),
    row: Float32Array.from({ length: size }, (_, j) => Math.sin(seed + i * size + j)),
  }))

it('gives back what was written, in few pieces', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 300 }), fc.integer(), (n, size, seed) => {
      const rows = hashed(n, size, seed)
      const pieces = [...segmentBytes([size], rows)]
      expect(pieces.length).toBe(2)
      writeFileSync(file, Buffer.concat(pieces))
      const segment = openSegment(file)!
      expect([segment.dims, segment.hashes]).toEqual([[size], rows.map(({ hash }) => hash)])
      for (const [i, { row }] of rows.entries()) {
        const out = new Float32Array(size)
        expect(segment.read(i, out)).toBe(true)
        expect(out).toEqual(row)
      }
      segment.close()
    }),
    { numRuns: 30 },
  )
  expect([...segmentBytes([100_000], hashed(10, 100_000, 1))].length).toBe(6)
})

it('never gives a wrong row, whichever byte is wrong or missing', () => {
  const rows = hashed(3, 4, 7)
  const whole = Buffer.concat([...segmentBytes([2, 2], rows)])
  for (let at = 0; at < whole.length; at++) {
    for (const damaged of [whole.subarray(0, at), Buffer.from(whole).fill(whole[at]! ^ 1, at, at + 1)]) {
      writeFileSync(file, damaged)
      const segment = openSegment(file)
      if (segment === undefined) continue
      for (const [i, { row }] of rows.entries()) {
        const out = new Float32Array(4)
        if (segment.hashes[i] === rows[i]!.hash && segment.read(i, out)) expect(out).toEqual(row)
      }
      segment.close()
    }
  }
  expect(readFileSync(file).length).toBe(whole.length)
})
