import { describe, expect, it } from 'vitest'
import { int } from '../onnx/index.ts'
import { graphWriter } from './writer.ts'

const x = { name: 'x', type: 'float64', dims: [2] } as const
const y = { name: 'y', type: 'float32', dims: [2] } as const

describe('a graph writer', () => {
  it('gives each value a name that nothing has', () => {
    const writer = graphWriter(['Neg.0', 'Neg.1', 'constant.3'])
    const names = [writer.fresh('Neg'), writer.write('Neg', [x], [{ dims: [2] }])[0]!.name, writer.integers([1]).name]
    expect(new Set([...names, 'Neg.0', 'Neg.1', 'constant.3']).size).toBe(6)
  })

  it('collects nodes with what they give: the first input’s type, unless another is said', () => {
    const writer = graphWriter([])
    const [first, second] = writer.write('Any', [undefined, x, y], [{ dims: [1] }, { dims: [], type: 'bool' }], {
      axis: int(1),
    })
    expect(first).toMatchObject({ type: 'float64', dims: [1] })
    expect(second).toMatchObject({ type: 'bool', dims: [] })
    expect(writer.nodes).toEqual([
      {
        op: 'Any',
        domain: '',
        name: first!.name,
        inputs: ['', 'x', 'y'],
        outputs: [first!.name, second!.name],
        attributes: { axis: int(1) },
      },
    ])
  })

  it('leaves out absent inputs at the end', () => {
    const writer = graphWriter([])
    writer.write('Clip', [x, undefined, undefined], [{ dims: [2] }])
    expect(writer.nodes[0]!.inputs).toEqual(['x'])
  })

  it('keeps nodes that are named already in their place', () => {
    const writer = graphWriter([])
    const node = { op: 'Identity', domain: '', name: 'n', inputs: ['x'], outputs: ['z'], attributes: {} }
    writer.write('Neg', [x], [{ dims: [2] }])
    writer.append(node)
    expect(writer.nodes.map(({ op }) => op)).toEqual(['Neg', 'Identity'])
    expect(writer.nodes[1]).toBe(node)
  })
})

describe('constants of a graph writer', () => {
  it('are stored once where they are short and equal in type, shape and numbers', () => {
    const writer = graphWriter([])
    const two = writer.scalar(2, 'float32')
    expect(writer.scalar(2, 'float32')).toBe(two)
    const others = [
      writer.scalar(3, 'float32'),
      writer.scalar(2, 'float64'),
      writer.scalar(2, 'int64'),
      writer.scalar(0, 'float32'),
      writer.scalar(-0, 'float32'),
      writer.integers([2]),
      writer.integers([2, 3]),
      writer.integers([23]),
    ]
    expect(new Set([two, ...others].map(({ name }) => name)).size).toBe(9)
    expect(writer.initializers.size).toBe(9)
    const long = { type: 'float32' as const, dims: [100], data: new Float32Array(100) }
    expect(writer.constant(long).name).not.toBe(writer.constant(long).name)
  })

  it('have the numbers of their types', () => {
    const writer = graphWriter([])
    const stored = (name: string) => writer.initializers.get(name)
    expect(stored(writer.scalar(0.1, 'float64').name)).toEqual({
      type: 'float64',
      dims: [],
      data: Float64Array.of(0.1),
    })
    expect(stored(writer.scalar(1, 'bool').name)).toEqual({ type: 'bool', dims: [], data: Uint8Array.of(1) })
    expect(stored(writer.scalar(-7, 'int32').name)).toEqual({ type: 'int32', dims: [], data: Int32Array.of(-7) })
    expect(stored(writer.scalar(1, 'float16').name)).toEqual({
      type: 'float16',
      dims: [],
      data: Uint16Array.of(0x3c00),
    })
    expect(stored(writer.integers([1, -2]).name)).toEqual({ type: 'int64', dims: [2], data: BigInt64Array.of(1n, -2n) })
  })
})
