/** A NumPy array as its file describes it. */
export interface NpyArray {
  /** NumPy's type code without byte order, such as `f8`, `i4`, `U12`. */
  readonly type: string
  readonly bigEndian: boolean
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** The elements, as they lie in the file. */
  readonly bytes: Uint8Array
}

/** What is wrong with an array, for the reader to say where. */
export interface NpyFault {
  readonly fault: string
}

/** Reads the file form of NumPy arrays (versions 1 to 3 of NumPy Enhancement Proposal 1); a fault where it is damaged. */
export function parseNpy(file: Uint8Array): NpyArray | NpyFault {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const magic = String.fromCharCode(...file.subarray(0, 6))
  if (magic !== '\x93NUMPY' || file.length < 10) return { fault: 'it is not a NumPy array: write it with numpy.save' }
  const wide = file[6]! >= 2
  const headerStart = wide ? 12 : 10
  if (file.length < headerStart) return cutShort
  const start = headerStart + (wide ? view.getUint32(8, true) : view.getUint16(8, true))
  if (file.length < start) return cutShort
  const header = new TextDecoder().decode(file.subarray(headerStart, start))
  const descr = /'descr':\s*'([<>|=]?)([a-zA-Z?]\d*)(?:\[\w*\])?'/.exec(header)
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(header)
  if (fortran === null || shape === null) return { fault: 'the header of the array is damaged: write it again' }
  if (descr === null) return { fault: 'it is a structured array, expected plain numbers' }
  const dims = shape[1]!.split(',').filter((dim) => dim.trim() !== '')
  const array = {
    type: descr[2]!,
    bigEndian: descr[1] === '>',
    fortranOrder: fortran[1] === 'True',
    shape: dims.map((dim) => Number.parseInt(dim, 10)),
  }
  const count = array.shape.reduce((size, dim) => size * dim, 1)
  const length = count * elementSize(array.type)
  if (file.length - start < length) return cutShort
  return { ...array, bytes: file.subarray(start, start + length) }
}

/** Bytes per element: `U` counts characters of four. */
export function elementSize(type: string): number {
  const count = Number(type.slice(1) || 1)
  return type.startsWith('U') ? 4 * count : count
}

const cutShort: NpyFault = { fault: 'the array is cut short: fetch or write the file again' }
