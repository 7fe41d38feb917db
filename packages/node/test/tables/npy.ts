/** An array in NumPy's file form, for tests: `type` with byte order, such as `<f8`. */
export function npyFile(type: string, shape: readonly number[], bytes: Uint8Array, fortranOrder = false): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const order = fortranOrder ? 'True' : 'False'
  const header = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${dims}), }`
  const text = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`
  const prefix = [0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 0xff, text.length >> 8]
  return Buffer.concat([Uint8Array.from(prefix), Buffer.from(text), bytes])
}

/** The bytes of a typed array. */
export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
