import { zipSync } from 'fflate'
import { InvalidInputError } from 'graft-learn'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/tables/folder.ts'
import { bytesOf, npyFile } from '../../test/tables/npy.ts'
import { readNpzArrays } from './npz-arrays.ts'

const folder = temporaryFolder()
const npz = (name: string, arrays: Record<string, Uint8Array>) =>
  folder.write(name, zipSync(Object.fromEntries(Object.entries(arrays).map(([key, array]) => [`${key}.npy`, array]))))

test('reads every array by name, in its own type and shape, in C order', async () => {
  const counts = Float32Array.from({ length: 24 }, (_, i) => i)
  // The element at [i, j, k] of 2 × 3 × 4 lies at i + 2 j + 6 k where the first index varies fastest.
  const fortran = counts.map((_, at) => 12 * (at % 2) + 4 * (Math.floor(at / 2) % 3) + Math.floor(at / 6))
  const arrays = await readNpzArrays(
    npz('all.npz', {
      'grad/0.weight': npyFile('<f4', [2, 3, 4], bytesOf(counts)),
      turned: npyFile('<f4', [2, 3, 4], bytesOf(fortran), true),
      target: npyFile('<i8', [2], bytesOf(BigInt64Array.of(3n, -1n))),
      loss: npyFile('<f8', [], bytesOf(Float64Array.of(1.5))),
      half: npyFile('<f2', [1], bytesOf(Uint16Array.of(0x3c00))),
      mask: npyFile('|b1', [2], Uint8Array.of(1, 0)),
      bytes: npyFile('|u1', [2], Uint8Array.of(7, 255)),
    }),
  )
  expect(arrays.get('grad/0.weight')).toEqual({ type: 'float32', dims: [2, 3, 4], data: counts })
  expect(arrays.get('turned')).toEqual(arrays.get('grad/0.weight'))
  expect(arrays.get('target')).toEqual({ type: 'int64', dims: [2], data: BigInt64Array.of(3n, -1n) })
  expect(arrays.get('loss')).toEqual({ type: 'float64', dims: [], data: Float64Array.of(1.5) })
  expect(arrays.get('half')).toEqual({ type: 'float32', dims: [1], data: Float32Array.of(1) })
  expect(arrays.get('mask')).toEqual({ type: 'bool', dims: [2], data: Uint8Array.of(1, 0) })
  expect(arrays.get('bytes')).toEqual({ type: 'uint8', dims: [2], data: Uint8Array.of(7, 255) })
})

test('refuses text, and files that are damaged or missing', async () => {
  const refused = async (file: string, message: string | RegExp) => {
    const failure = await readNpzArrays(file).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InvalidInputError)
    expect((failure as Error).message).toMatch(message)
  }
  await refused(
    npz('text.npz', { y: npyFile('<U1', [1], bytesOf(Uint32Array.of(97))) }),
    'array y: its elements are of',
  )
  await refused(npz('short.npz', { y: npyFile('<f8', [2], bytesOf(Float64Array.of(1))) }), 'array y: the array is cut')
  await refused(folder.write('none.npz', 'text'), 'the file is damaged, cut short or no .npz file')
  await refused(folder.path('absent.npz'), 'no such file')
})
