import fc from 'fast-check'
import { expect, it } from 'vitest'
import { interpret } from '../interpreter/index.ts'
import { sizeOf, tensor } from '../tensor/index.ts'
import { opsOf } from './ops.ts'
import type { TypedValue } from './typed-value.ts'
import { graphWriter } from './writer.ts'

const DIMS = [4, 5, 3]

/** Where a padded value begins and how long it is, along each axis of `DIMS`. */
const boxes = fc.tuple(
  ...DIMS.map((dim) =>
    fc
      .integer({ min: 0, max: dim - 1 })
      .chain((start) => fc.tuple(fc.constant(start), fc.integer({ min: 1, max: dim - start }))),
  ),
)

it('keeps the sum of padded values, wherever they lie', () => {
  fc.assert(
    fc.property(fc.array(boxes, { minLength: 1, maxLength: 8 }), fc.boolean(), (placed, reshaped) => {
      const writer = graphWriter([])
      const ops = opsOf(writer)
      const expected = new Float64Array(sizeOf(DIMS))
      const parts = placed.map((box, i): TypedValue => {
        const dims = box.map(([, length]) => length)
        const begins = box.map(([start]) => start)
        const from = ops.constant(tensor('float32', dims, new Float32Array(sizeOf(dims)).fill(2 ** i)))
        expected.forEach((_, at) => {
          const index = [Math.floor(at / 15), Math.floor(at / 3) % 5, at % 3]
          if (box.every(([start, length], axis) => index[axis]! >= start && index[axis]! < start + length)) {
            expected[at] = expected[at]! + 2 ** i
          }
        })
        const padded = ops.pad(
          from,
          begins,
          box.map(([start, length], axis) => DIMS[axis]! - start - length),
        )
        return reshaped ? ops.reshape(padded, [20, 3]) : padded
      })
      const total = ops.sum(parts)
      expect(total.dims).toEqual(reshaped ? [20, 3] : DIMS)
      expect(evaluate(writer, total)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

it('concatenates parts that fill an axis, without padding or adding them', () => {
  const writer = graphWriter([])
  const ops = opsOf(writer)
  const parts = [2, 0, 1].map((place) =>
    ops.pad(ops.constant(tensor('float32', [1, 2], Float32Array.of(place, 9))), [place, 0], [2 - place, 0]),
  )
  const total = ops.sum(parts)
  expect(evaluate(writer, total)).toEqual(Float64Array.of(0, 9, 1, 9, 2, 9))
  expect(writer.nodes.find(({ outputs }) => outputs[0] === total.name)?.op).toBe('Concat')
})

function evaluate({ nodes, initializers }: ReturnType<typeof graphWriter>, wanted: TypedValue): Float64Array {
  const model = {
    irVersion: 8,
    opsets: { '': 18 },
    producer: { name: '', version: '' },
    metadata: {},
    graph: { name: '', nodes, inputs: [], outputs: [{ name: wanted.name }], initializers, values: [] },
  }
  return interpret(model, {}).values.get(wanted.name)!.data
}
