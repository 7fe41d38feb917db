import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { embeddedDigits } from './embedded-digits.ts'

const { source, target } = embeddedDigits()
const script = fileURLToPath(new URL('../../../../scripts/make-embedded-digits.mjs', import.meta.url))
const uciDigits = '/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz'

/** The shape and values of an unsigned-byte array, by its `.npy` header. */
function readBytes(npy: Uint8Array): { shape: number[]; values: Uint8Array } {
  const length = npy[8]! + 256 * npy[9]!
  const header = new TextDecoder().decode(npy.subarray(10, 10 + length))
  expect(header).toMatch(/^\{'descr': '\|u1', 'fortran_order': False, /)
  expect((10 + length) % 64).toBe(0)
  const shape = /\(([\d, ]+)\)/
    .exec(header)![1]!
    .split(',')
    .filter((part) => part.trim() !== '')
  return { shape: shape.map(Number), values: npy.subarray(10 + length) }
}

describe('the embedded digits', () => {
  it.each([
    [source, 1800],
    [target, 1797],
  ])('%s holds 8 × 8 images of ten digits', (file, rows) => {
    const arrays = unzipSync(readFileSync(file))
    const x = readBytes(arrays['x.npy']!)
    const y = readBytes(arrays['y.npy']!)
    expect(x.shape).toEqual([rows, 64])
    expect(y.shape).toEqual([rows])
    expect(x.values.length).toBe(rows * 64)
    expect(x.values.every((value) => value <= 16)).toBe(true)
    const counts = Array.from({ length: 10 }, (_, digit) => y.values.filter((label) => label === digit).length)
    expect(counts.every((count) => count >= 170 && count <= 190)).toBe(true)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows)
  })

  it('take at most 250 kB together', () => {
    expect(readFileSync(source).length + readFileSync(target).length).toBeLessThanOrEqual(250_000)
  })

  const missing = existsSync(uciDigits) ? '' : ' (skipped: python3-sklearn with its digits.csv.gz is not installed)'
  it.skipIf(missing !== '')(`are what the script makes, byte for byte${missing}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'graft-digits-'))
    try {
      execFileSync('node', [script, uciDigits, '--out', folder], { stdio: 'pipe' })
      for (const file of [source, target]) {
        expect(readFileSync(join(folder, basename(file))).equals(readFileSync(file))).toBe(true)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
