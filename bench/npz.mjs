/** Reads the arrays of a NumPy `.npz`: a small reader, so that timings need nothing but the library under test. */
import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'

const types = {
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<i8': BigInt64Array,
  '<u8': BigUint64Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
}

/** `{ NAME: { shape, values } }` of a file, `values` row by row as float64. */
export function readNpz(file) {
  const entries = Object.entries(unzipSync(readFileSync(file)))
  return Object.fromEntries(entries.map(([name, bytes]) => [name.replace(/\.npy$/, ''), readNpy(bytes, file)]))
}

function readNpy(bytes, file) {
  const version = bytes[6]
  const prefix = version === 1 ? 10 : 12
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const start = prefix + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  const header = new TextDecoder().decode(bytes.subarray(prefix, start))
  const type = /'descr': '([^']+)'/.exec(header)[1]
  const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(',').map(Number)
  const dims = header.includes("'shape': ()") ? [] : shape.filter((size, i) => i === 0 || size > 0)
  const TypedArray = types[type]
  if (TypedArray === undefined) throw new Error(`${file}: arrays of type ${type} are not read here`)
  const stored = Float64Array.from(new TypedArray(bytes.slice(start).buffer), Number)
  return { shape: dims, values: header.includes("'fortran_order': True") ? rowMajor(stored, dims) : stored }
}

/** Values of a matrix stored column by column, row by row. */
function rowMajor(stored, [rows, columns = 1]) {
  return Float64Array.from(stored, (_, k) => stored[(k % columns) * rows + Math.floor(k / columns)])
}
