import { afterAll, describe, expect, it } from 'vitest'
import {
  between,
  floats,
  normalTensor,
  operators,
  pick,
  runUpgraded,
  worstDifference,
} from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom, type Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { float, text } from '../builder.ts'
import type { Attribute } from '../model.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const image = (random: Random) =>
  normalTensor(random, [between(random, 1, 2), between(random, 1, 3), between(random, 2, 7), between(random, 2, 7)])
const modes = (random: Random, all: readonly string[]): Record<string, Attribute> => {
  const mode = pick(random, all)
  return mode === 'nearest' && random.integer(2) === 0 ? {} : { mode: text(mode) }
}
const scale = (random: Random, least: number, most: number): number =>
  pick(random, [1, least, most, least + (most - least) * random.uniform()])
const scalesOf = (random: Random, least: number, most: number): number[] => [
  1,
  1,
  scale(random, least, most),
  scale(random, least, most),
]
const storedOrFed = (random: Random, input: number) => ({ stored: random.integer(2) === 0 ? [input] : [] })

describe('Upsample', () => {
  it('becomes a Resize that gives the same, its scales an attribute', async () => {
    const example = (random: Random): Example => {
      const scales: Attribute = { type: 'floats', value: scalesOf(random, 1, 3) }
      const attributes = { scales, ...modes(random, ['nearest', 'linear']) }
      return oneNode('Upsample', [image(random)], attributes, { opset: between(random, 7, 8) })
    }
    expect(await worstDifference(runtime, 30, example)).toBeLessThan(1e-6)
  })

  it('or an input, stored or computed', async () => {
    const example = (random: Random): Example => {
      const inputs = [image(random), floats(scalesOf(random, 1, 3))]
      const options = { opset: 9, ...storedOrFed(random, 1) }
      return oneNode('Upsample', inputs, modes(random, ['nearest', 'linear']), options)
    }
    expect(await worstDifference(runtime, 30, example)).toBeLessThan(1e-6)
    const { model } = example(seededRandom(1))
    expect(operators(upgradeModel(model))).toEqual(['Resize'])
  })
})

describe('Resize of opset 10', () => {
  it('takes the positions that it took, growing along some axes and shrinking along others', async () => {
    const example = (random: Random): Example => {
      const inputs = [image(random), floats(scalesOf(random, 0.5, 2.5))]
      const options = { opset: 10, ...storedOrFed(random, 1) }
      return oneNode('Resize', inputs, modes(random, ['nearest', 'nearest', 'linear']), options)
    }
    expect(await worstDifference(runtime, 60, example)).toBeLessThan(1e-6)
  })

  it('stays one node where all scales are known to grow, or all to shrink', () => {
    const made = (scales: readonly number[], stored: readonly number[]) =>
      operators(
        upgradeModel(oneNode('Resize', [image(seededRandom(1)), floats(scales)], {}, { opset: 10, stored }).model),
      )
    expect(made([1, 1, 2, 1.5], [1])).toEqual(['Resize'])
    expect(made([1, 1, 0.5, 1], [1])).toEqual(['Resize'])
    expect(made([1, 1, 0.5, 2], [1])).toEqual(['Max', 'Resize', 'Min', 'Resize'])
    expect(made([1, 1, 2, 2], [])).toEqual(['Max', 'Resize', 'Min', 'Resize'])
  })
})

describe('Resize of opset 11 and later', () => {
  const coordinates = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric', 'tf_crop_and_resize']
  const roundings = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']

  /** Sizes or scales, the other one empty (before 13) or absent. */
  function targets(random: Random, x: Tensor, opset: number): (Tensor | undefined)[] {
    const empty = opset < 13 ? floats([]) : undefined
    if (random.integer(2) === 0) return [floats(scalesOf(random, 0.5, 2.5))]
    const sizes = x.dims.map((dim, i) => BigInt(i < 2 ? dim : between(random, 1, 9)))
    return [empty, { type: 'int64', dims: [4], data: BigInt64Array.from(sizes) }]
  }

  const example = (random: Random): Example => {
    const opset = between(random, 11, 17)
    const x = image(random)
    const coordinate = pick(random, coordinates)
    const isCrop = coordinate === 'tf_crop_and_resize'
    const roi = isCrop ? floats([0, 0, 0.1, 0.2, 1, 1, 0.9, 0.7]) : opset < 13 ? floats([]) : undefined
    const all = modes(random, isCrop ? ['nearest', 'linear'] : ['nearest', 'linear', 'cubic'])
    const attributes = {
      ...all,
      coordinate_transformation_mode: text(coordinate),
      ...(random.integer(2) === 0 ? {} : { nearest_mode: text(pick(random, roundings)) }),
      ...(isCrop ? { extrapolation_value: float(-1) } : {}),
    }
    const inputs = [x, roi, ...targets(random, x, opset)]
    const stored = random.integer(2) === 0 ? [1, 2, 3] : []
    return oneNode('Resize', inputs, attributes, { opset, stored })
  }

  it('gives what it gave', async () => {
    expect(await worstDifference(runtime, 80, example)).toBeLessThan(1e-6)
  })

  it('drops inputs that stand for nothing', async () => {
    const sizes: Tensor = { type: 'int64', dims: [4], data: BigInt64Array.of(1n, 1n, 4n, 6n) }
    const x = normalTensor(seededRandom(1), [1, 1, 2, 3])
    const { model, inputs } = oneNode(
      'Resize',
      [x, floats([]), floats([]), sizes],
      {},
      { opset: 11, stored: [1, 2, 3] },
    )
    const { upgraded, difference } = await runUpgraded(runtime, { model, inputs })
    expect(upgraded.graph.nodes[0]!.inputs).toEqual(['input_0', '', '', 'input_3'])
    expect(difference).toBe(0)
  })

  it('says tf_half_pixel_for_nn in other words where there are some', async () => {
    const rounding = (random: Random): Example => {
      const inputs = [image(random), floats([]), floats(scalesOf(random, 0.5, 2.5))]
      const attributes = {
        coordinate_transformation_mode: text('tf_half_pixel_for_nn'),
        nearest_mode: text(pick(random, ['floor', 'round_prefer_floor'])),
      }
      return oneNode('Resize', inputs, attributes, { opset: between(random, 11, 12), stored: [1] })
    }
    expect(await worstDifference(runtime, 40, rounding)).toBe(0)
    const words = (nearest: string) => {
      const { model } = rounding(seededRandom(1))
      const nodes = model.graph.nodes.map((node) => ({
        ...node,
        attributes: { ...node.attributes, nearest_mode: text(nearest) },
      }))
      const { attributes } = upgradeModel({ ...model, graph: { ...model.graph, nodes } }).graph.nodes[0]!
      return [attributes.coordinate_transformation_mode?.value, attributes.nearest_mode?.value]
    }
    expect(roundings.map(words)).toEqual([
      ['half_pixel', 'ceil'],
      ['tf_half_pixel_for_nn', 'round_prefer_ceil'],
      ['half_pixel', 'round_prefer_ceil'],
      ['tf_half_pixel_for_nn', 'ceil'],
    ])
  })
})
