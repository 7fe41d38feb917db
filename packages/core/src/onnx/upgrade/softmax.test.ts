import { afterAll, describe, expect, it } from 'vitest'
import { between, normalTensor, operators, pick, randomDims, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { int } from '../builder.ts'
import type { Dimension } from '../model.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** The example with what the file says of its input replaced. */
function described({ model, inputs }: Example, dims: readonly Dimension[] | undefined): Example {
  const [input] = model.graph.inputs
  const { dims: _, ...rest } = input!
  const graph = { ...model.graph, inputs: [dims === undefined ? rest : { ...rest, dims }] }
  return { model: { ...model, graph }, inputs }
}

const form = (axis: number | undefined, dims: readonly Dimension[] | undefined, opset = 11): unknown => {
  const x = normalTensor(seededRandom(1), [1, 1, 1, 1])
  const attributes = axis === undefined ? {} : { axis: int(axis) }
  const model = upgradeModel(described(oneNode('Softmax', [x], attributes, { opset }), dims).model)
  return operators(model).length === 1 ? Number(model.graph.nodes[0]!.attributes.axis?.value) : operators(model)
}

describe('Softmax over several axes', () => {
  for (const op of ['Softmax', 'LogSoftmax', 'Hardmax']) {
    it(`is what ${op} was, whatever is known of the shape`, async () => {
      const example = (random: Random): Example => {
        const opset = between(random, 7, 12)
        const rank = between(random, 1, 4)
        const dims = randomDims(random, rank).map((dim) => (random.integer(3) === 0 ? 1 : dim))
        const axis = between(random, opset >= 11 ? -rank : 0, rank - 1)
        const attributes = axis === 1 && random.integer(2) === 0 ? {} : { axis: int(axis) }
        const told = pick(random, [dims, undefined, dims.map((dim) => (random.integer(2) === 0 ? dim : 'n'))])
        return described(oneNode(op, [normalTensor(random, dims)], attributes, { opset }), told)
      }
      expect(await worstDifference(runtime, 40, example)).toBeLessThan(1e-6)
    })
  }

  it('is a plain one where one axis alone is left', () => {
    expect(form(-1, undefined)).toBe(-1)
    expect(form(undefined, ['n', 10])).toBe(-1)
    expect(form(3, [null, null, null, null])).toBe(-1)
    expect(form(1, ['n', 1000, 1, 1])).toBe(1)
    expect(form(0, [1, 'n', 1])).toBe(1)
    expect(form(1, [5, 1, 1])).toBe(-1)
    expect(form(0, [3])).toBe(-1)
  })

  it('is flattened where more axes may be left', () => {
    const flattened = ['Flatten', 'Softmax', 'Shape', 'Reshape']
    expect(form(1, undefined)).toEqual(flattened)
    expect(form(undefined, [null, null, null])).toEqual(flattened)
    expect(form(-2, [2, 3, 4])).toEqual(flattened)
    expect(form(0, ['n', 10])).toEqual(flattened)
  })

  it('is left alone from 13 on', () => {
    expect(form(1, [2, 3, 4], 13)).toBe(1)
    expect(form(undefined, [2, 3, 4], 13)).toBeNaN()
  })
})
