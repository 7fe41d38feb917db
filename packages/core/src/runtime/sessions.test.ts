import * as ort from 'onnxruntime-node'
import { afterAll, describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { graphBuilder, int, type Model, writeModel } from '../onnx/index.ts'
import { type ElementType, type Tensor, tensor, vectorTensor } from '../tensor/index.ts'
import { nodeRuntime } from './node.ts'
import type { Runtime, RuntimeOptions } from './runtime.ts'
import { createRuntime, type OnnxRuntimeModule } from './sessions.ts'

/** `y = x + number`. */
function adding(number: number): Model {
  const graph = graphBuilder(`add ${number}`)
  const x = graph.input('x', 'float64', ['n'])
  graph.output('y', graph.node('Add', [x, graph.constant(vectorTensor([number]))]), 'float64', ['n'])
  return graph.model()
}

function single(op: string, type: ElementType, to: ElementType = type, attributes = {}): Model {
  const graph = graphBuilder(op)
  graph.output('y', graph.node(op, [graph.input('x', type, ['n'])], attributes), to, ['n'])
  return graph.model()
}

/** A runtime on the real package that counts its sessions, and whether one is released while it runs. */
function counted(options: RuntimeOptions = {}) {
  const seen = { created: 0, open: 0, running: 0, releasedWhileRunning: 0 }
  const counting: OnnxRuntimeModule = {
    Tensor: ort.Tensor as unknown as OnnxRuntimeModule['Tensor'],
    InferenceSession: {
      async create(bytes, sessionOptions) {
        const session = await ort.InferenceSession.create(bytes, sessionOptions)
        seen.created++
        seen.open++
        let running = 0
        return {
          inputNames: session.inputNames,
          run: async (feeds: ort.InferenceSession.FeedsType) => {
            running++
            const outputs = await session.run(feeds)
            running--
            return outputs
          },
          release: async () => {
            seen.open--
            if (running > 0) seen.releasedWhileRunning++
            await session.release()
          },
        } as unknown as ort.InferenceSession
      },
    },
  }
  return { runtime: createRuntime(counting, 'cpu', options), seen }
}

const x = vectorTensor([1, 2])
const y = async (runtime: Runtime, model: Model): Promise<number[]> => [
  ...((await runtime.run(model, { x })).y!.data as Float64Array),
]

describe('sessions', () => {
  it('are made once per graph: the same object, or one of equal content', async () => {
    const { runtime, seen } = counted()
    const model = adding(1)
    expect(await y(runtime, model)).toEqual([2, 3])
    expect(await y(runtime, model)).toEqual([2, 3])
    expect(await y(runtime, adding(1))).toEqual([2, 3])
    await runtime.runFile(writeModel(adding(1)), { x })
    expect(seen.created).toBe(1)
    expect(await y(runtime, adding(2))).toEqual([3, 4])
    expect(seen.created).toBe(2)
    await runtime.release()
  })

  it('are made once by runs that start together', async () => {
    const { runtime, seen } = counted()
    const model = adding(1)
    const results = await Promise.all([y(runtime, model), y(runtime, model), y(runtime, adding(1))])
    expect(results).toEqual(new Array(3).fill([2, 3]))
    expect(seen.created).toBe(1)
    await runtime.release()
  })

  it('beyond the limit the one not used for longest goes, and is made again when needed', async () => {
    const { runtime, seen } = counted({ cachedSessions: 2 })
    const [a, b, c] = [adding(1), adding(2), adding(3)]
    for (const model of [a, b, a, c]) await y(runtime, model)
    expect(seen).toMatchObject({ created: 3, open: 2 })
    await y(runtime, a)
    expect(seen.created).toBe(3)
    expect(await y(runtime, b)).toEqual([3, 4])
    expect(seen).toMatchObject({ created: 4, open: 2 })
    await runtime.release()
  })

  it('are never released while they run', async () => {
    const { runtime, seen } = counted({ cachedSessions: 1 })
    const results = await Promise.all(Array.from({ length: 12 }, (_, i) => y(runtime, adding(i % 4))))
    expect(results).toEqual(Array.from({ length: 12 }, (_, i) => [1 + (i % 4), 2 + (i % 4)]))
    const last = y(runtime, adding(9))
    await runtime.release()
    expect(await last).toEqual([10, 11])
    expect(seen).toMatchObject({ open: 0, releasedWhileRunning: 0 })
  })

  it('are all closed by release, after which the runtime, and what it returned, is usable', async () => {
    const { runtime, seen } = counted()
    const model = adding(1)
    const outputs = await runtime.run(model, { x })
    await runtime.release()
    expect(seen.open).toBe(0)
    expect([...(outputs.y!.data as Float64Array)]).toEqual([2, 3])
    expect(await y(runtime, model)).toEqual([2, 3])
    await runtime.release()
    await runtime.release()
    expect(seen.open).toBe(0)
  })
})

describe('failures', async () => {
  const runtime = await nodeRuntime()
  afterAll(() => runtime.release())

  it('of loading name the graph and the operator, and are not remembered', async () => {
    const { runtime: counting, seen } = counted()
    const unknown = single('NoSuchOperator', 'float64')
    for (let i = 0; i < 2; i++) {
      const run = counting.run(unknown, { x })
      await expect(run).rejects.toThrow(InvalidInputError)
      await expect(run).rejects.toThrow(/cannot load the graph "NoSuchOperator": .*NoSuchOperator/s)
    }
    expect(seen.created).toBe(0)
    expect(await y(counting, adding(1))).toEqual([2, 3])
    await counting.release()
    await expect(runtime.runFile(Uint8Array.of(1, 2, 3), {})).rejects.toThrow('cannot load the model file of 3 bytes')
  })

  it('of running say what is missing or does not fit', async () => {
    await expect(runtime.run(adding(1), {})).rejects.toThrow('needs the inputs "x", got none: add "x"')
    await expect(runtime.run(adding(1), { z: x })).rejects.toThrow('got "z": add "x", leave out "z"')
    await expect(runtime.run(adding(1), { x, bias: x })).rejects.toThrow('leave out "bias"')
    const float = tensor('float32', [1], new Float32Array(1))
    await expect(runtime.run(adding(1), { x: float })).rejects.toThrow(/failed in the graph "add 1": .*double/s)
    const wrong: Tensor = { type: 'float64', dims: [3], data: new Float64Array(2) }
    await expect(runtime.run(adding(1), { x: wrong })).rejects.toThrow('input "x" (float64 [3], 2 elements)')
    const matrix = tensor('float64', [2, 2], new Float64Array(4))
    await expect(runtime.run(adding(1), { x: matrix })).rejects.toThrow(InvalidInputError)
    expect(await y(runtime, adding(1))).toEqual([2, 3])
  })
})

describe('tensors in and out', async () => {
  const runtime = await nodeRuntime()
  afterAll(() => runtime.release())
  const through = async (t: Tensor, model = single('Identity', t.type)): Promise<Tensor> =>
    (await runtime.run(model, { x: t })).y!

  it('of every type come back as they went in', async () => {
    const all: readonly Tensor[] = [
      tensor('float32', [2], Float32Array.of(1.5, Number.NaN)),
      tensor('float64', [2], Float64Array.of(0.1, Number.NEGATIVE_INFINITY)),
      tensor('float16', [2], Uint16Array.of(0x3c00, 0xfc00)),
      tensor('int8', [2], Int8Array.of(-128, 127)),
      tensor('uint8', [2], Uint8Array.of(0, 255)),
      tensor('int16', [1], Int16Array.of(-5)),
      tensor('uint16', [1], Uint16Array.of(65535)),
      tensor('int32', [1], Int32Array.of(-5)),
      tensor('uint32', [1], Uint32Array.of(2 ** 32 - 1)),
      tensor('int64', [2], BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n)),
      tensor('uint64', [1], BigUint64Array.of(2n ** 64n - 1n)),
      tensor('bool', [3], Uint8Array.of(1, 0, 1)),
      tensor('string', [2], ['käse', '']),
      tensor('float32', [0], new Float32Array(0)),
    ]
    for (const t of all) expect(await through(t)).toEqual(t)
  })

  it('of numbers become truth values, and 16-bit floats their bits', async () => {
    const toBool = single('Cast', 'float32', 'bool', { to: int(9) })
    const numbers = tensor('float32', [3], Float32Array.of(0, 1, -2))
    expect(await through(numbers, toBool)).toEqual(tensor('bool', [3], Uint8Array.of(0, 1, 1)))
    const toHalf = single('Cast', 'float32', 'float16', { to: int(10) })
    expect(await through(numbers, toHalf)).toEqual(tensor('float16', [3], Uint16Array.of(0, 0x3c00, 0xc000)))
  })

  it('that are views of part of a larger array give that part, and are not changed', async () => {
    const all = Float64Array.of(9, 1, 2, 9)
    const { y: sum } = await runtime.run(adding(1), { x: vectorTensor(all.subarray(1, 3)) })
    expect(sum).toEqual(vectorTensor([2, 3]))
    expect(all).toEqual(Float64Array.of(9, 1, 2, 9))
  })

  it('of types that ONNX Runtime takes from no one in JavaScript are refused', async () => {
    const brain = tensor('bfloat16', [1], Uint16Array.of(0x3f80))
    await expect(runtime.run(adding(1), { x: brain })).rejects.toThrow('input "x" is bfloat16')
  })

  it('leave an initialiser that is an input too as it is: ONNX Runtime would ignore a value given for it', async () => {
    const model = adding(1)
    const [name] = [...model.graph.initializers.keys()]
    const inputs = [...model.graph.inputs, { name: name!, type: 'float64' as const, dims: [1] }]
    const overridable = { ...model, graph: { ...model.graph, inputs } }
    expect(await y(runtime, overridable)).toEqual([2, 3])
    const given = { x, [name!]: vectorTensor([10]) }
    await expect(runtime.run(overridable, given)).rejects.toThrow(`leave out "${name}"`)
  })
})
