import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { float, graphBuilder, int } from './builder.ts'
import { decodeMessage } from './decode-message.ts'
import { encodeMessage } from './encode-message.ts'
import type { Message } from './message.ts'
import type { Attribute, Model } from './model.ts'
import { readModel } from './read.ts'
import { writeModel } from './write.ts'

const file = (graph: Message, model: Message = {}): Uint8Array => encodeMessage('Model', { ...model, graph })
const rewritten = (bytes: Uint8Array): Message => decodeMessage('Model', writeModel(readModel(bytes)))
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const scalar: Message = { dims: [], dataType: 1, rawData: new Uint8Array(4) }
const floatType = (...dim: Message[]): Message => ({ tensorType: { elementType: 1, shape: { dim } } })

describe('readModel', () => {
  it('reads the operator sets of any version, ai.onnx being ONNX’s own', () => {
    for (const version of [9, 13, 17, 22]) {
      const opsetImport = [
        { domain: 'ai.onnx', version: BigInt(version) },
        { domain: 'ai.onnx.ml', version: 3n },
      ]
      const node = [
        { opType: 'Relu', domain: 'ai.onnx' },
        { opType: 'Scaler', domain: 'ai.onnx.ml' },
      ]
      const model = readModel(file({ node }, { irVersion: 4n, opsetImport }))
      expect(model.opsets).toEqual({ '': version, 'ai.onnx.ml': 3 })
      expect(model.graph.nodes.map((n) => n.domain)).toEqual(['', 'ai.onnx.ml'])
    }
  })

  it('keeps initialisers that are inputs too, as files of IR version 3 have them', () => {
    const initializer = [{ ...scalar, name: 'w' }]
    const input = [
      { name: 'x', type: floatType() },
      { name: 'w', type: floatType() },
    ]
    const model = readModel(file({ initializer, input }))
    expect(model.irVersion).toBe(3)
    expect([...model.graph.initializers.keys()]).toEqual(['w'])
    expect(model.graph.inputs.map((i) => i.name)).toEqual(['x', 'w'])
  })

  it('tells sizes, names of sizes, unknown sizes, unknown ranks and values that are no tensors apart', () => {
    const dim = [{ value: 3n }, { parameter: 'N' }, {}, { value: -1n }, { value: 0n }]
    const input = [
      { name: 'a', type: floatType(...dim) },
      { name: 'b', type: { tensorType: { elementType: 1 } } },
      { name: 'c', type: { tensorType: { elementType: 7, shape: {} } } },
      { name: 'd', type: { $unknown: [Uint8Array.of(0x22, 0)] } },
      { name: 'e' },
    ]
    const described = readModel(file({ input })).graph.inputs.map(({ rest: _, ...value }) => value)
    expect(described).toEqual([
      { name: 'a', type: 'float32', dims: [3, 'N', null, null, 0] },
      { name: 'b', type: 'float32' },
      { name: 'c', type: 'int64', dims: [] },
      { name: 'd' },
      { name: 'e' },
    ])
    expect(rewritten(file({ input }))).toMatchObject({ graph: { input } })
  })

  it('reads attributes of every type, defaults left out, and guesses the type that IR version 1 leaves out', () => {
    const attribute = [
      { name: 'float', type: 1 },
      { name: 'int', type: 2 },
      { name: 'string', type: 3 },
      { name: 'floats', type: 6 },
      { name: 'negative', type: 2, i: -1n },
      { name: 'beyond', type: 2, i: 2n ** 63n - 1n },
      { name: 'ints', type: 7, ints: [-1n, 2n ** 60n] },
      { name: 'strings', type: 8, strings: [ascii('a'), ascii('b')] },
      { name: 'tensor', type: 4, t: { ...scalar, name: 'inner' } },
      { name: 'guessedInts', ints: [4n] },
      { name: 'guessedFloat', f: 0.5 },
      { name: 'blob', type: 3, s: Uint8Array.of(0xff, 0) },
      { name: 'many', type: 9, tensors: [scalar] },
      { name: 'inFunction', type: 2, reference: 'axis' },
    ]
    const bytes = file({ node: [{ opType: 'Foo', attribute }] })
    const read = readModel(bytes).graph.nodes[0]!.attributes
    expect(read).toMatchObject({
      float: { type: 'float', value: 0 },
      int: { type: 'int', value: 0 },
      string: { type: 'string', value: '' },
      floats: { type: 'floats', value: [] },
      negative: { type: 'int', value: -1 },
      beyond: { type: 'int', value: 2n ** 63n - 1n },
      ints: { type: 'ints', value: [-1, 2n ** 60n] },
      strings: { type: 'strings', value: ['a', 'b'] },
      tensor: { type: 'tensor', value: { type: 'float32', dims: [] } },
      guessedInts: { type: 'ints', value: [4] },
      guessedFloat: { type: 'float', value: 0.5 },
      blob: { type: 'other' },
      many: { type: 'other' },
      inFunction: { type: 'other' },
    })
    expect(readModel(writeModel(readModel(bytes))).graph.nodes[0]!.attributes).toEqual(read)
  })
})

describe('writeModel', () => {
  const unknown = (number: number): Message => ({ $unknown: [Uint8Array.of((number << 3) | 2, 1, 65)] })
  const branch: Message = {
    name: 'then',
    node: [{ opType: 'Identity', input: ['x'], output: ['y'] }],
    initializer: [{ ...scalar, name: 'c' }],
  }
  const rich = file(
    {
      name: 'g',
      docString: 'graph',
      node: [
        {
          opType: 'If',
          name: 'choose',
          docString: 'd',
          input: ['c', ''],
          output: ['y'],
          attribute: [{ name: 'then_branch', type: 5, g: branch }],
          ...unknown(9),
        },
        { opType: 'Twice', domain: 'own', input: ['y'], output: ['z'] },
      ],
      initializer: [{ ...scalar, name: 'w' }],
      sparseInitializer: [{ values: { ...scalar, name: 's' }, dims: [4n] }],
      input: [
        {
          name: 'x',
          docString: 'an input',
          type: { ...floatType({ parameter: 'N', denotation: 'BATCH' }), denotation: 'IMAGE' },
          ...unknown(4),
        },
      ],
      ...unknown(14),
    },
    {
      irVersion: 8n,
      domain: 'org',
      modelVersion: 7n,
      docString: 'model',
      producerName: 'p',
      opsetImport: [
        { domain: '', version: 17n },
        { domain: 'own', version: 1n },
      ],
      metadataProps: [{ key: 'k', value: 'v' }],
      functions: [
        {
          name: 'Twice',
          domain: 'own',
          input: ['a'],
          output: ['b'],
          node: [
            { opType: 'Add', input: ['a', 'a'], output: ['b'], attribute: [{ name: 'p', type: 2, reference: 'q' }] },
          ],
        },
      ],
      ...unknown(13),
    },
  )

  it('keeps what Graft does not look at: functions, sparse initialisers, subgraphs, comments, later fields', () => {
    const before = decodeMessage('Model', rich)
    const after = rewritten(rich)
    expect(after).toMatchObject({ ...before, graph: expect.anything() })
    const [graph, graphAfter] = [before.graph as Message, after.graph as Message]
    expect(graphAfter.sparseInitializer).toEqual(graph.sparseInitializer)
    expect(graphAfter.$unknown).toEqual(graph.$unknown)
    expect(graphAfter.input).toEqual(graph.input)
    expect(graphAfter.node).toMatchObject([
      { docString: 'd', $unknown: [Uint8Array.of(74, 1, 65)], input: ['c', ''] },
      { domain: 'own' },
    ])
  })

  it('is undone by reading: read, write and read again give equal models and equal bytes', () => {
    const model = readModel(rich)
    const bytes = writeModel(model)
    expect(readModel(bytes)).toEqual(readModel(writeModel(readModel(bytes))))
    expect(writeModel(readModel(bytes))).toEqual(bytes)
    expect(readModel(bytes).graph.nodes[0]!.attributes.then_branch).toMatchObject({
      value: { nodes: [{ op: 'Identity' }] },
    })
  })

  it('writes a type and shape that were changed since reading, and keeps the rest of the value', () => {
    const model = readModel(rich)
    const input = model.graph.inputs[0]!
    const changed = (value: object): Message => {
      const inputs = [{ ...input, ...value }]
      const again = decodeMessage('Model', writeModel({ ...model, graph: { ...model.graph, inputs } }))
      return ((again.graph as Message).input as Message[])[0]!
    }
    expect(changed({ dims: [1] }).type).toMatchObject({ ...floatType({ value: 1n }), denotation: 'IMAGE' })
    expect(changed({ dims: ['N', 3], type: 'float64' }).type).toMatchObject({
      tensorType: { elementType: 11, shape: { dim: [{ parameter: 'N', denotation: 'BATCH' }, { value: 3n }] } },
    })
    expect(changed({ dims: undefined }).type).toMatchObject({ tensorType: { elementType: 1 } })
    expect(((changed({ dims: undefined }).type as Message).tensorType as Message).shape).toBeUndefined()
    expect(changed({ name: 'renamed' })).toMatchObject({ name: 'renamed', docString: 'an input' })
  })

  it('refuses numbers that an attribute cannot hold', () => {
    const write = (attribute: Attribute): Model => {
      const graph = graphBuilder()
      graph.output('y', graph.node('Foo', [], { alpha: attribute }), 'float32', [])
      return readModel(writeModel(graph.model()))
    }
    for (const bad of [int(1.5), int(Number.NaN), int(2n ** 63n), float(1e39)]) {
      expect(() => write(bad)).toThrow(InvalidInputError)
      expect(() => write(bad)).toThrow('attribute "alpha" is')
    }
    expect(write(float(Number.POSITIVE_INFINITY)).graph.nodes[0]!.attributes.alpha).toEqual(
      float(Number.POSITIVE_INFINITY),
    )
    expect(write(int(-(2n ** 63n))).graph.nodes[0]!.attributes.alpha).toEqual(int(-(2n ** 63n)))
  })

  it('refuses a model beyond 2 GB, naming the way out', () => {
    const graph = graphBuilder()
    const data = new Float32Array(2 ** 27)
    for (let i = 0; i < 5; i++) graph.constant({ type: 'float32', dims: [2 ** 27], data })
    expect(() => writeModel(graph.model())).toThrow('writeModelWithExternalData')
  })
})
