import { type FileHandle, open } from 'node:fs/promises'
import { InvalidInputError, type Matrix, matrix } from 'graft-learn'
import { readBytes } from './file-bytes.ts'
import { classNames } from './labels.ts'
import { firstNotFinite } from './not-finite.ts'
import { type NpyArray, parseNpy } from './npy-header.ts'
import { npyLabelTexts } from './npy-labels.ts'
import { npyMatrixValues } from './npy-values.ts'
import { featureNames, type Table, type TableReader } from './table.ts'
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip.ts'

/** Reads a `.npz` file: array `x` (rows × features) and, where there is one, `y`; other arrays are not read. */
export const readNpz: TableReader = (file) =>
  withFile(file, async (handle) => {
    const entries = await readZipDirectory(handle)
    if (entries === null) throw damaged(file)
    const x = entries.find((entry) => entry.name === 'x.npy')
    if (x === undefined) {
      const names = entries.map((entry) => entry.name.replace(/\.npy$/, ''))
      throw new InvalidInputError(
        `it has no array x, only ${names.join(', ') || 'nothing'}: write it with numpy.savez(file, x=features, y=labels)`,
        { file },
      )
    }
    const features = matrixOf(file, 'x', await arrayOf(file, handle, x))
    const y = entries.find((entry) => entry.name === 'y.npy')
    if (y === undefined) return tableOf(file, features, null)
    return tableOf(file, features, labelsOf(file, await arrayOf(file, handle, y), features.rows))
  })

/** Reads a `.npy` file: rows × features, without labels. */
export const readNpy: TableReader = (file) =>
  withFile(file, async (handle) => {
    const bytes = await readBytes(handle, 0, (await handle.stat()).size)
    if (bytes === null) throw damaged(file)
    return tableOf(file, matrixOf(file, undefined, checked(file, undefined, bytes)), null)
  })

async function withFile<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file)
  try {
    return await work(handle)
  } finally {
    await handle.close()
  }
}

const tableOf = (file: string, features: Matrix, labels: (string | null)[] | null): Table => ({
  file,
  columns: featureNames(features.columns),
  named: false,
  features,
  labels,
  dropped: [],
})

async function arrayOf(file: string, handle: FileHandle, entry: ZipEntry): Promise<NpyArray> {
  const bytes = await readZipEntry(handle, entry)
  if (bytes === null) throw damaged(file)
  return checked(file, entry.name.replace(/\.npy$/, ''), bytes)
}

function checked(file: string, name: string | undefined, bytes: Uint8Array): NpyArray {
  const array = parseNpy(bytes)
  if ('fault' in array) throw new InvalidInputError(`${nameOf(name)}${array.fault}`, { file })
  return array
}

function matrixOf(file: string, name: string | undefined, array: NpyArray): Matrix {
  const [rows = 0, columns = 0] = array.shape
  if (array.shape.length !== 2) {
    const advice = array.shape.length === 1 ? 'x.reshape(-1, 1)' : 'x.reshape(len(x), -1)'
    throw new InvalidInputError(
      `${nameOf(name)}the shape is (${array.shape.join(', ')}), expected rows × features: write ${advice}`,
      { file },
    )
  }
  if (rows === 0 || columns === 0) {
    throw new InvalidInputError(
      `${nameOf(name)}it holds ${rows} rows of ${columns} features, expected at least one of each`,
      { file },
    )
  }
  const values = npyMatrixValues(array, rows, columns)
  if (values === null) throw wrongType(file, name, array, 'numbers: convert it with x.astype(float)')
  const bad = firstNotFinite(values)
  if (bad !== -1) {
    const column = `f${bad % columns}`
    throw new InvalidInputError(`the value is ${values[bad]}, expected a finite number: replace it or remove the row`, {
      file,
      row: Math.floor(bad / columns) + 1,
      column,
    })
  }
  return matrix(rows, columns, values)
}

function labelsOf(file: string, array: NpyArray, rows: number): (string | null)[] {
  const { shape } = array
  if (shape[0] !== rows || !(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new InvalidInputError(
      `array y: the shape is (${shape.join(', ')}), expected (${rows}): one label for each of the ${rows} rows of x`,
      { file },
    )
  }
  const texts = npyLabelTexts(array)
  if (texts === null) throw wrongType(file, 'y', array, 'text, numbers or booleans: convert it with y.astype(str)')
  return classNames(texts)
}

const nameOf = (name: string | undefined): string => (name === undefined ? '' : `array ${name}: `)

const wrongType = (file: string, name: string | undefined, array: NpyArray, expected: string) =>
  new InvalidInputError(`${nameOf(name)}its elements are of type ${describe(array.type)}, expected ${expected}`, {
    file,
  })

function describe(type: string): string {
  const kinds: Readonly<Record<string, string>> = {
    O: 'object',
    U: 'text',
    S: 'bytes',
    c: 'complex',
    M: 'date',
    m: 'duration',
  }
  const kind = kinds[type[0]!]
  return kind === undefined ? type : `${kind} (${type})`
}

const damaged = (file: string) =>
  new InvalidInputError('the file is damaged or cut short: fetch or write it again', { file })
