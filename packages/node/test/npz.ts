import { zipSync } from 'fflate'

/** The bytes of a `.npy` file: little-endian, C order. */
export function npy(values: Float64Array | BigInt64Array, shape: readonly number[]): Uint8Array {
  const type = values instanceof Float64Array ? '<f8' : '<i8'
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dims}), }`
  const head = `${text}${' '.repeat(64 - ((10 + text.length + 1) % 64))}\n`
  const bytes = new Uint8Array(10 + head.length + values.byteLength)
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, head.length & 255, head.length >> 8])
  bytes.set(Buffer.from(head, 'latin1'), 10)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + head.length)
  return bytes
}

/** The bytes of a `.npz` file with `x` and, where given, integer labels `y`. */
export function npz(rows: readonly (readonly number[])[], labels?: readonly number[]): Uint8Array {
  const x = npy(Float64Array.from(rows.flat()), [rows.length, rows[0]!.length])
  if (labels === undefined) return zipSync({ 'x.npy': x })
  return zipSync({ 'x.npy': x, 'y.npy': npy(BigInt64Array.from(labels, BigInt), [labels.length]) })
}
