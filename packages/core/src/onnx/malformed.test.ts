import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { float, graphBuilder, ints } from './builder.ts'
import { encodeMessage } from './encode-message.ts'
import { readModel } from './read.ts'
import { writeModel } from './write.ts'

const valid = (() => {
  const graph = graphBuilder()
  const x = graph.input('x', 'float32', ['N', 3])
  const w = graph.constant({ type: 'float32', dims: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, 'w')
  const names = graph.constant({ type: 'string', dims: [2], data: ['cat', 'dog'] })
  const shape = graph.constant({ type: 'int64', dims: [2], data: BigInt64Array.of(-1n, 2n) })
  const product = graph.node('MatMul', [x, w], { alpha: float(0.5), axes: ints([-1, 1]) })
  graph.output('y', graph.node('Reshape', [product, shape]), 'float32', ['N', 2])
  graph.output('names', names, 'string', [2])
  return writeModel(graph.model({ key: 'value' }))
})()
const floats = encodeMessage('Model', {
  graph: { initializer: [{ name: 'w', dims: [3n], dataType: 1, floatData: [1, 2, 3] }] },
})

/** Reading gives a model, that can be written, or says in its own words what is wrong. */
function readsOrExplains(bytes: Uint8Array): void {
  try {
    writeModel(readModel(bytes))
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError)
    expect((error as Error).message).toMatch(/not an ONNX model|tensor "/)
  }
}

describe('readModel of what is no model', () => {
  it('explains an empty file, a picture, a text and a length beyond the end', () => {
    const explain = (bytes: Uint8Array, text = 'not an ONNX model, or a damaged one'): void => {
      expect(() => readModel(bytes)).toThrow(InvalidInputError)
      expect(() => readModel(bytes)).toThrow(text)
    }
    explain(new Uint8Array(0), 'it is empty')
    explain(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    explain(Buffer.from('<!DOCTYPE html><html></html>'))
    explain(Buffer.from('version https://git-lfs.github.com/spec/v1\n'))
    explain(Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x07))
    explain(new Uint8Array(1000))
    explain(new Uint8Array(1000).fill(0xff))
    explain(Uint8Array.of(0x08, 0x07), 'it has no graph')
  })

  it('explains a file cut short anywhere', () => {
    for (let length = 0; length < valid.length; length++) readsOrExplains(valid.subarray(0, length))
    expect(() => readModel(valid.subarray(0, valid.length - 30))).toThrow(InvalidInputError)
  })

  it('survives random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readsOrExplains), { numRuns: 2000 })
  })

  it('survives a damaged file: bytes changed, dropped and put in', () => {
    const mutation = fc.record({
      file: fc.constantFrom(valid, floats),
      edits: fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3), fc.uint8Array({ maxLength: 6 })),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    })
    fc.assert(
      fc.property(mutation, ({ file, edits }) => {
        let bytes: Uint8Array = file
        for (const [place, dropped, added] of edits) {
          const at = Math.floor(place * bytes.length)
          bytes = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + dropped)])
        }
        readsOrExplains(bytes)
      }),
      { numRuns: 5000 },
    )
  })

  it('neither hangs nor runs out of memory on shapes and nesting that are far too large', () => {
    const huge = (dims: readonly bigint[]) =>
      encodeMessage('Model', { graph: { initializer: [{ name: 'w', dims, dataType: 1, rawData: new Uint8Array(4) }] } })
    expect(() => readModel(huge([2n ** 62n, 2n ** 62n]))).toThrow('tensor "w"')
    expect(() => readModel(huge(new Array(5000).fill(2n)))).toThrow(InvalidInputError)
    let nested = new Uint8Array(0)
    for (let i = 0; i < 3000; i++)
      nested = Buffer.concat([prefix(1 + (i % 3 === 1 ? 4 : i % 3 === 2 ? 0 : 5), nested), nested])
    expect(() => readModel(Buffer.concat([prefix(7, nested), nested]))).toThrow(InvalidInputError)
  })
})

function prefix(field: number, { length }: Uint8Array): Uint8Array {
  const bytes = [(field << 3) | 2]
  let rest = length
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.of(...bytes, rest)
}
