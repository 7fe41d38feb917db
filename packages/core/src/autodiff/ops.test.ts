import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpret, type Value } from '../interpreter/index.ts'
import { seededRandom, sizeOf, type Tensor } from '../tensor/index.ts'
import { drawDims, drawNarrower, drawTensor } from '../testing/draw.ts'
import { type Ops, opsOf } from './ops.ts'
import { broadcastDims, type TypedValue } from './typed-value.ts'
import { graphWriter } from './writer.ts'

/** Writes with `ops`, runs what was written, and checks that the result has the type and the shape it was said to have. */
function written(write: (ops: Ops, of: (tensor: Tensor) => TypedValue) => TypedValue): {
  value: Value
  nodes: string[]
} {
  const writer = graphWriter([])
  const ops = opsOf(writer)
  const result = write(ops, ops.constant)
  const { nodes, initializers } = writer
  const graph = { name: '', nodes, initializers, inputs: [], outputs: [], values: [] }
  const model = { irVersion: 8, opsets: { '': 18 }, producer: { name: '', version: '' }, metadata: {}, graph }
  const value = interpret(model, {}).values.get(result.name)!
  expect(value.dims).toEqual(result.dims)
  expect(value.kind).toBe(result.type.startsWith('float') ? 'float' : result.type.startsWith('int') ? 'int' : 'bool')
  return { value, nodes: nodes.map(({ op }) => op) }
}

const numbers = ({ data }: Value): number[] => Array.from(data)
const matrix = (dims: number[], ...data: number[]): Tensor => ({ type: 'float64', dims, data: Float64Array.from(data) })
const x = matrix([2, 3], 1, 2, 3, 4, 5, 6)
const random = fc.nat(10_000).map((seed) => seededRandom(seed))

describe('operators know their shapes', () => {
  it('with broadcasting', () => {
    fc.assert(
      fc.property(random, (random) => {
        const dims = drawDims(random, 1, 4)
        const [a, b] = [drawTensor(random, 'float64', drawNarrower(random, dims)), drawTensor(random, 'float64', dims)]
        for (const op of ['add', 'sub', 'mul', 'div'] as const) written((ops, of) => ops[op](of(a), of(b)))
        written((ops, of) => ops.compare('Less', of(b), of(a)))
        written((ops, of) => ops.where(ops.compare('Less', of(a), of(b)), of(a), of(b)))
      }),
      { numRuns: 50 },
    )
  })

  it('in products', () => {
    const [a, b] = [
      drawTensor(seededRandom(1), 'float64', [5, 1, 2, 3]),
      drawTensor(seededRandom(2), 'float64', [4, 3, 6]),
    ]
    written((ops, of) => ops.matmul(of(a), of(b)))
    expect(numbers(written((ops, of) => ops.gemm(of(x), of(x), { transB: true })).value)).toEqual([14, 32, 32, 77])
    written((ops, of) => ops.gemm(of(x), of(x), { transA: true, c: of(matrix([1, 3], 1, 2, 3)) }))
  })

  it('in reductions', () => {
    const cube = drawTensor(seededRandom(1), 'float64', [2, 3, 4])
    for (const axes of [[0], [-1], [0, 2], [1, -3], [0, 1, 2]]) {
      for (const keepDims of [true, false]) {
        for (const op of [
          'ReduceSum',
          'ReduceMean',
          'ReduceMax',
          'ReduceMin',
          'ReduceProd',
          'ReduceLogSumExp',
        ] as const) {
          written((ops, of) => ops.reduce(op, of(cube), axes, keepDims))
        }
      }
    }
    expect(written((ops, of) => ops.reduce('ReduceSum', of(cube), [], false)).nodes).toEqual([])
  })
})

describe('operators that may have nothing to do', () => {
  it('write no node then', () => {
    expect(
      written((ops, of) => {
        const value = of(x)
        expect(ops.scale(value, 1)).toBe(value)
        expect(ops.cast(value, 'float64')).toBe(value)
        expect(ops.sumTo(value, [2, 3])).toBe(value)
        expect(ops.expand(value, [2, 3])).toBe(value)
        expect(ops.reshape(value, [2, 3])).toBe(value)
        expect(ops.transpose(value, [0, 1])).toBe(value)
        expect(ops.slice(value, [{ axis: 1, start: 0, end: 3 }])).toBe(value)
        expect(ops.pad(value, [0, 0], [0, 0])).toBe(value)
        expect(ops.concat([value], 0)).toBe(value)
        return ops.sum([value])
      }).nodes,
    ).toEqual([])
  })

  it('write one otherwise', () => {
    expect(numbers(written((ops, of) => ops.scale(of(x), -2)).value)).toEqual([-2, -4, -6, -8, -10, -12])
    expect(numbers(written((ops, of) => ops.neg(of(x))).value)).toEqual([-1, -2, -3, -4, -5, -6])
    expect(numbers(written((ops, of) => ops.transpose(of(x), [1, 0])).value)).toEqual([1, 4, 2, 5, 3, 6])
    expect(numbers(written((ops, of) => ops.swap(of(x))).value)).toEqual([1, 4, 2, 5, 3, 6])
    expect(numbers(written((ops, of) => ops.reshape(of(x), [3, 2])).value)).toEqual([1, 2, 3, 4, 5, 6])
    expect(numbers(written((ops, of) => ops.expand(of(matrix([1], 7)), [2, 2])).value)).toEqual([7, 7, 7, 7])
    expect(numbers(written((ops, of) => ops.concat([of(x), of(x)], 1)).value)).toEqual([
      1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
    ])
    const indicator = written((ops, of) => ops.indicator(ops.compare('Greater', of(x), ops.scalar(3, of(x))), of(x)))
    expect(numbers(indicator.value)).toEqual([0, 0, 0, 1, 1, 1])
    expect(written((ops, of) => ops.reshape(of(matrix([0, 2])), [0])).value.dims).toEqual([0])
    const swapped = written((ops, of) => ops.swap(of(drawTensor(seededRandom(1), 'float32', [5, 2, 3]))))
    expect(swapped.value.dims).toEqual([5, 3, 2])
  })

  it('take several values at once where there are more than two to add', () => {
    expect(written((ops, of) => ops.sum([of(x), of(x)])).nodes).toEqual(['Add'])
    const three = written((ops, of) => ops.sum([of(x), of(x), of(x)]))
    expect(three.nodes).toEqual(['Sum'])
    expect(numbers(three.value)).toEqual([3, 6, 9, 12, 15, 18])
  })

  it('write the type of a cast', () => {
    for (const type of ['float32', 'int32', 'int64', 'bool'] as const) {
      expect(numbers(written((ops, of) => ops.cast(of(matrix([2], 0, 1)), type)).value)).toEqual([0, 1])
    }
  })
})

describe('sumTo', () => {
  it('undoes broadcasting: each element takes the sum of its copies', () => {
    fc.assert(
      fc.property(random, (random) => {
        const dims = drawDims(random, 0, 4)
        const narrower = dims.length === 0 ? [] : drawNarrower(random, dims)
        const whole = drawTensor(random, 'float64', dims)
        const { value } = written((ops, of) => ops.sumTo(of(whole), narrower))
        expect(broadcastDims(dims, narrower)).toEqual(dims)
        // Where each element of the whole came from: the elements' numbers, broadcast.
        const places = written((ops, of) => {
          const count = Float64Array.from({ length: sizeOf(narrower) }, (_, i) => i)
          return ops.expand(of({ type: 'float64', dims: narrower, data: count }), dims)
        }).value.data
        const expected = new Float64Array(sizeOf(narrower))
        places.forEach((place, i) => {
          expected[place] = expected[place]! + Number(whole.data[i])
        })
        for (const [i, sum] of expected.entries()) expect(value.data[i]).toBeCloseTo(sum, 12)
      }),
      { numRuns: 100 },
    )
  })
})

describe('slice and pad', () => {
  it('slices any range with any step, and pads it back', () => {
    const line = matrix([6], 0, 1, 2, 3, 4, 5)
    const slice = (start: number, end: number, step?: number) =>
      numbers(
        written((ops, of) => ops.slice(of(line), [{ axis: 0, start, end, ...(step === undefined ? {} : { step }) }]))
          .value,
      )
    expect(slice(1, 4)).toEqual([1, 2, 3])
    expect(slice(0, 6, 2)).toEqual([0, 2, 4])
    expect(slice(5, -1, -1)).toEqual([5, 4, 3, 2, 1, 0])
    expect(slice(4, -1, -3)).toEqual([4, 1])
    expect(slice(3, 3)).toEqual([])
    const cut = written((ops, of) =>
      ops.pad(
        ops.slice(of(x), [
          { axis: 0, start: 1, end: 2 },
          { axis: 1, start: 0, end: 2 },
        ]),
        [1, 0],
        [0, 1],
      ),
    )
    expect(numbers(cut.value)).toEqual([0, 0, 0, 4, 5, 0])
  })
})
