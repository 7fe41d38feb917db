import { afterAll, describe, expect, it } from 'vitest'
import { floats, normalTensor } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, seededRandom, type Tensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { float, int, ints } from '../builder.ts'
import type { Attribute, Dimension } from '../model.ts'
import { openScope } from './scope.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const random = seededRandom(1)
const x = (...dims: number[]) => normalTensor(random, dims)
const truth: Tensor = { type: 'bool', dims: [2, 3], data: Uint8Array.of(1, 0, 1, 0, 1, 0) }
const bytes: Tensor = { type: 'uint8', dims: [2, 2], data: Uint8Array.of(1, 2, 3, 4) }
const doubles: Tensor = { type: 'float64', dims: [3], data: Float64Array.of(1, 2, 3) }
const tensorAttribute = (value: Tensor): Attribute => ({ type: 'tensor', value })

type Case = readonly [
  op: string,
  inputs: readonly Tensor[],
  attributes: Record<string, Attribute>,
  dims: readonly Dimension[] | undefined,
  opset?: number,
]

/** One node each, its inputs stored, and the dimensions that are found. Types and ranks must be ONNX Runtime’s. */
const cases: readonly Case[] = [
  ['Relu', [x(2, 3)], {}, [2, 3]],
  ['Cast', [x(2)], { to: int(11) }, [2]],
  ['CastLike', [x(2), doubles], {}, undefined],
  ['Add', [x(2, 1, 3), x(4, 1)], {}, [2, 4, 3]],
  ['Where', [truth, x(1, 3), x(2, 3)], {}, [2, 3]],
  ['Greater', [x(3), x(2, 1)], {}, [2, 3]],
  ['IsNaN', [x(3)], {}, undefined],
  ['MatMul', [x(5, 2, 3), x(3, 4)], {}, [null, 2, 4]],
  ['Gemm', [x(2, 3), x(3, 4)], {}, [null, null]],
  ['Flatten', [x(2, 3, 4)], {}, [null, null]],
  ['Conv', [x(1, 2, 5, 5), x(3, 2, 3, 3)], {}, [null, null, null, null]],
  ['GlobalAveragePool', [x(2, 3, 4, 5)], {}, [2, 3, 1, 1]],
  ['Reshape', [x(2, 6), integerTensor([0, 3, -1])], {}, [null, 3, null]],
  ['Transpose', [x(2, 3, 4)], { perm: ints([1, 2, 0]) }, [3, 4, 2]],
  ['Transpose', [x(2, 3, 4)], {}, [4, 3, 2]],
  ['Concat', [x(2, 3), x(2, 4)], { axis: int(-1) }, [2, 7]],
  ['Unsqueeze', [x(2, 3)], { axes: ints([0, -1]) }, [1, 2, 3, 1], 11],
  ['Unsqueeze', [x(2, 3), integerTensor([1])], {}, [2, 1, 3]],
  ['Squeeze', [x(1, 2, 1)], { axes: ints([-1]) }, [1, 2], 11],
  ['Squeeze', [x(1, 2, 1)], {}, undefined],
  ['ReduceMean', [x(2, 3)], { axes: ints([-1]) }, [2, 1]],
  ['ReduceSum', [x(2, 3), integerTensor([0])], { keepdims: int(0) }, [3]],
  ['Gather', [x(2, 3), integerTensor([0, 1])], { axis: int(1) }, [null, null]],
  ['Shape', [x(2, 3, 4)], {}, [3]],
  ['Slice', [x(4), integerTensor([1]), integerTensor([2])], {}, [null]],
  ['ArgMax', [x(4)], {}, undefined],
  ['Size', [x(4)], {}, undefined],
  ['OneHot', [integerTensor([1]), integerTensor([3]), floats([0, 1])], {}, undefined],
  ['ConstantOfShape', [integerTensor([2])], {}, undefined],
  [
    'ConstantOfShape',
    [integerTensor([2])],
    { value: tensorAttribute({ ...doubles, dims: [1], data: Float64Array.of(1) }) },
    undefined,
  ],
  ['Constant', [], { value: tensorAttribute(doubles) }, [3]],
  ['Constant', [], { value_int: int(4) }, []],
  ['Constant', [], { value_ints: ints([4, 5]) }, [2]],
  ['Constant', [], { value_float: float(4) }, []],
  ['Constant', [], { value_floats: { type: 'floats', value: [1, 2] } }, [2]],
  ['EyeLike', [x(2, 2)], { dtype: int(7) }, undefined],
  ['RandomUniform', [], { shape: ints([2]) }, undefined],
  ['HannWindow', [{ ...integerTensor([4]), dims: [] }], {}, undefined],
  ['QuantizeLinear', [x(2), { ...floats([1]), dims: [] }], {}, undefined],
  ['MatMulInteger', [bytes, bytes], {}, undefined],
]

describe('what is known of a value', () => {
  for (const [op, inputs, attributes, dims, opset = 17] of cases) {
    it(`follows for ${op} with ${Object.keys(attributes).join() || 'nothing'} in ${opset}`, async () => {
      const { model, inputs: fed } = oneNode(op, inputs, attributes, { opset, stored: inputs.map((_, i) => i) })
      const scope = openScope(model.graph, 8)
      scope.learn(model.graph.nodes[0]!)
      const found = scope.find('output_0')
      const { output_0: actual } = await runtime.run(model, fed)
      expect(found.type).toBe(actual!.type)
      expect(found.dims).toEqual(dims)
      if (dims !== undefined) expect(dims.map((dim, i) => dim ?? actual!.dims[i]!)).toEqual(actual!.dims)
    })
  }

  const { model } = oneNode('Split', [x(4)], {}, { opset: 13, outputs: 2 })
  const { graph } = model

  it('is of one type for all parts of a split', () => {
    const scope = openScope(graph, 8)
    scope.learn(graph.nodes[0]!)
    expect(scope.find('output_1').type).toBe('float32')
    expect(scope.find('nothing')).toEqual({})
    expect(scope.find('')).toEqual({})
  })

  it('is what the file says rather than what follows', () => {
    const scope = openScope({ ...graph, values: [{ name: 'output_0', type: 'float64', dims: ['n'] }] }, 8)
    scope.learn(graph.nodes[0]!)
    expect(scope.find('output_0')).toMatchObject({ type: 'float64', dims: ['n'] })
  })

  it('includes the value of an initialiser, unless a caller may replace it', () => {
    const stored = floats([1])
    const replaceable = { ...graph, initializers: new Map([['input_0', stored]]) }
    expect(openScope(replaceable, 8).find('input_0').constant).toBeUndefined()
    expect(openScope(replaceable, 3).find('input_0').constant).toBe(stored)
    expect(openScope({ ...replaceable, inputs: [] }, 8).find('input_0').constant).toBe(stored)
  })

  it('is seen from graphs inside, where names of their own come first', () => {
    const inner = { ...graph, inputs: [{ name: 'own', type: 'bool' as const }] }
    const scope = openScope(inner, 8, openScope(graph, 8))
    expect(scope.find('own').type).toBe('bool')
    expect(scope.find('input_0').type).toBe('float32')
  })
})
