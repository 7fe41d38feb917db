import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import type { Tensor } from '../tensor/index.ts'
import { graphBuilder } from './builder.ts'
import { encodeMessage } from './encode-message.ts'
import type { ExternalData } from './external-data.ts'
import type { Model } from './model.ts'
import { readModel } from './read.ts'
import { writeModel, writeModelWithExternalData } from './write.ts'

const beside = Uint8Array.from({ length: 64 }, (_, i) => i)
const open: ExternalData = (_, offset, length) =>
  beside.subarray(offset, length === undefined ? undefined : offset + length)

/** A model of one tensor `w` (2 uint8) kept outside. */
const outside = (entries: Readonly<Record<string, string>>): Uint8Array => {
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }))
  return encodeMessage('Model', {
    graph: { initializer: [{ name: 'w', dims: [2n], dataType: 2, dataLocation: 1, externalData }] },
  })
}
const weight = (entries: Readonly<Record<string, string>>, external: ExternalData = open) =>
  readModel(outside(entries), external).graph.initializers.get('w')!.data

describe('tensors in another file', () => {
  it('are read from their place, by shape where no length is given', () => {
    expect(weight({ location: 'w.bin', offset: '4', length: '2' })).toEqual(Uint8Array.of(4, 5))
    expect(weight({ location: 'w.bin', offset: '6' })).toEqual(Uint8Array.of(6, 7))
    expect(weight({ location: 'folder/w.bin', checksum: 'x' })).toEqual(Uint8Array.of(0, 1))
  })

  it('name the tensor where anything is wrong', () => {
    const fails = (entries: Readonly<Record<string, string>>, text: string, external?: ExternalData): void => {
      expect(() => weight(entries, external)).toThrow(InvalidInputError)
      expect(() => weight(entries, external)).toThrow(/tensor "w"/)
      expect(() => weight(entries, external)).toThrow(text)
    }
    fails({ location: 'w.bin', offset: '63' }, 'needs 2 bytes from 63 of "w.bin", which gave 1')
    fails({ location: 'w.bin', offset: '9000000' }, 'gave 0')
    fails({ location: 'w.bin', offset: '-1' }, 'offset "-1"')
    fails({ location: 'w.bin', offset: '99999999999999999999' }, 'a whole number')
    fails({ location: 'w.bin', length: '3' }, 'has 3 for it')
    fails({ location: '../w.bin' }, 'outside')
    fails({ location: '/etc/passwd' }, 'outside')
    fails({ location: 'C:\\w.bin' }, 'outside')
    fails({ offset: '0' }, 'unnamed')
    fails({ location: 'w.bin' }, 'cannot read its data from "w.bin" (no such file)', () => {
      throw new Error('no such file')
    })
    expect(() => readModel(outside({ location: 'w.bin' }))).toThrow('keep that file beside the model')
  })
})

describe('writeModelWithExternalData', () => {
  const tensors: Readonly<Record<string, Tensor>> = {
    small: { type: 'float32', dims: [2], data: Float32Array.of(1, 2) },
    odd: { type: 'uint8', dims: [101], data: new Uint8Array(101).fill(3) },
    names: { type: 'string', dims: [40], data: new Array<string>(40).fill('name') },
    wide: { type: 'float64', dims: [20, 2], data: Float64Array.from({ length: 40 }, (_, i) => -i) },
    large: { type: 'float32', dims: [1 << 18], data: new Float32Array(1 << 18).fill(0.5) },
    none: { type: 'float32', dims: [0], data: new Float32Array(0) },
  }
  const graph = graphBuilder()
  for (const [name, t] of Object.entries(tensors)) graph.constant(t, name)
  const model = graph.model()
  const written = writeModelWithExternalData(model, { location: 'model.onnx.data', threshold: 100 })
  const data = Buffer.concat(written.data)

  const same = (a: Model, b: Model): boolean => isDeepStrictEqual(a.graph.initializers, b.graph.initializers)

  it('is read back equal', () => {
    const locations: string[] = []
    const again = readModel(written.model, (location, offset, length) => {
      locations.push(location)
      return data.subarray(offset, offset + length!)
    })
    expect(same(again, model)).toBe(true)
    expect(locations).toEqual(new Array(3).fill('model.onnx.data'))
    expect(Buffer.compare(writeModel(again), writeModel(readModel(writeModel(model))))).toBe(0)
  })

  it('aligns tensors, and views their memory', () => {
    const offsets: number[] = []
    readModel(written.model, (_, offset, length) => {
      offsets.push(offset)
      return data.subarray(offset, offset + length!)
    })
    expect(offsets).toEqual([0, 128, 4096])
    expect(written.data.some((piece) => piece.buffer === (tensors.large!.data as Float32Array).buffer)).toBe(true)
    expect(written.model.length).toBeLessThan(2000)
  })
})
