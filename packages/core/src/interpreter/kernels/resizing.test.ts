import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, type Tensor, tensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const floats = (values: readonly number[]) => tensor('float32', [values.length], Float32Array.from(values))
const isDyadic = (scale: number) => Number.isInteger(Math.log2(scale))

/** A shape of which the axes in `moving` are to be resized, as far as ONNX Runtime can. */
function shape(draw: Draws, mode: string): { dims: number[]; moving: number[] } {
  const ranks: Record<string, [rank: number, ...moving: number[]][]> = {
    nearest: [
      [1, 0],
      [2, 0, 1],
      [3, 0, 1, 2],
      [4, 0, 1, 2, 3],
      [4, 2, 3],
      [5, 2, 3, 4],
    ],
    linear: [
      [2, 0, 1],
      [3, 0, 1, 2],
      [4, 2, 3],
      [4, 1, 2],
      [5, 2, 3, 4],
    ],
    cubic: [
      [2, 0, 1],
      [4, 2, 3],
    ],
  }
  const [rank, ...moving] = draw.pick(ranks[mode])
  return { dims: Array.from({ length: rank }, (_, axis) => draw.between(1, moving.includes(axis) ? 8 : 2)), moving }
}

/** Scales of the axes in `moving`, such that something is left; half the time those that float32 divides by exactly. */
function scalesFor(draw: Draws, dims: readonly number[], moving: readonly number[]): number[] {
  const some = draw.chance(0.5) ? [0.5, 1, 2, 4] : [1 / 3, 0.6, 0.7, 0.9, 1, 1.1, 1.3, 2.5, 3, 5.7]
  const scales = dims.map((_, axis) => (moving.includes(axis) ? draw.pick(some) : 1))
  return scales.map((scale, axis) => (Math.fround(dims[axis] * Math.fround(scale)) < 1 ? 1 : scale))
}

const lengths = (dims: readonly number[], scales: readonly number[]) =>
  dims.map((length, axis) => Math.floor(Math.fround(length * Math.fround(scales[axis]))))

describe('Resize', () => {
  it('agrees with ONNX Runtime in all modes, by scales and by sizes', async () => {
    const draw = draws(1)
    let compared = 0
    for (let i = 0; i < 800; i++) {
      const opset = draw.pick([11, 13, 18, 19, 22])
      const mode = draw.pick(['nearest', 'nearest', 'linear', 'cubic'])
      const nearest = draw.pick(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'])
      const transformations = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric']
      const transformation = draw.pick(opset < 19 ? transformations : [...transformations, 'half_pixel_symmetric'])
      const { dims, moving } = shape(draw, mode)
      const bySize = draw.chance(0.5)
      const scales = scalesFor(draw, dims, moving)
      const sizes = dims.map((length, axis) => (moving.includes(axis) ? draw.between(1, 9) : length))
      const after = bySize ? sizes : lengths(dims, scales)
      // ONNX Runtime copies where no length changes, whatever the scale.
      if (after.every((length, axis) => length === dims[axis])) continue
      // Just below a tie, ONNX Runtime sometimes goes up.
      const exact = (bySize ? sizes.map((size, axis) => size / dims[axis]) : scales).every(isDyadic)
      if (transformation === 'asymmetric' && nearest === 'round_prefer_ceil' && !exact) continue
      const attributes: Record<string, Attribute> = {
        ...(mode === 'nearest' && draw.chance(0.5) ? {} : { mode: text(mode) }),
        ...(transformation === 'half_pixel' && draw.chance(0.5)
          ? {}
          : { coordinate_transformation_mode: text(transformation) }),
        ...(nearest === 'round_prefer_floor' && draw.chance(0.5) ? {} : { nearest_mode: text(nearest) }),
        ...(draw.chance(0.5) ? { cubic_coeff_a: float(-0.5) } : {}),
        ...(mode === 'cubic' && draw.chance(0.5) ? { exclude_outside: int(1) } : {}),
      }
      const absent = opset < 13 ? floats([]) : undefined
      const how = bySize ? [absent, absent, integerTensor(sizes)] : [absent, floats(scales)]
      const example = oneNode('Resize', [draw.normal(dims), ...how], attributes, { opset, stored: [1, 2, 3] })
      expect(await disagreements(runtime, example)).toEqual([])
      compared++
    }
    expect(compared).toBeGreaterThan(500)
  })

  it('agrees where only some axes are named, and where the aspect ratio is kept', async () => {
    const draw = draws(2)
    for (let i = 0; i < 60; i++) {
      const dims = [1, 2, ...draw.several(2, 2, 7)]
      // Counted from the end, ONNX Runtime forgets them where the aspect ratio is kept.
      const axes = draw.pick([
        [2, 3],
        [3, 2],
      ])
      const mode = draw.pick(['nearest', 'linear', 'cubic'])
      const bySize = draw.chance(0.7)
      const policy = draw.pick(['stretch', 'not_larger', 'not_smaller'])
      const attributes = {
        mode: text(mode),
        axes: ints(axes),
        ...(bySize ? { keep_aspect_ratio_policy: text(policy) } : {}),
      }
      const wanted = draw.several(2, 5, 9)
      const how = bySize ? [undefined, undefined, integerTensor(wanted)] : [undefined, floats([1.5, 2.5])]
      const example = oneNode('Resize', [draw.normal(dims), ...how], attributes, {
        opset: draw.pick([18, 19]),
        stored: [2, 3],
      })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('agrees on a part of the image, with a value beyond its edge', async () => {
    const draw = draws(3)
    for (let i = 0; i < 60; i++) {
      const dims = [1, 1, ...draw.several(2, 2, 7)]
      const [top, left, bottom, right] = Array.from({ length: 4 }, () => draw.random.uniform())
      const roi = floats([0, 0, top - 0.4, left - 0.4, 1, 1, bottom + 0.4, right + 0.4])
      const attributes = {
        mode: text(draw.pick(['nearest', 'linear', 'cubic'])),
        coordinate_transformation_mode: text('tf_crop_and_resize'),
        ...(draw.chance(0.5) ? { extrapolation_value: float(7) } : {}),
      }
      // ONNX Runtime takes the whole of an axis whose length stays.
      const sizes = integerTensor(dims.map((length, axis) => (axis < 2 ? 1 : length + draw.pick([-1, 1, 2, 5]))))
      const inputs = [draw.normal(dims), roi, draw.chance(0.5) ? floats([]) : undefined, sizes]
      const example = oneNode('Resize', inputs, attributes, { opset: draw.pick([13, 19]), stored: [1, 2, 3] })
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })

  it('scales the part of the image, not the whole', () => {
    const attributes = { coordinate_transformation_mode: text('tf_crop_and_resize') }
    const inputs = [draws(7).normal([8, 4]), floats([0.25, 0, 0.75, 1]), floats([2, 3])]
    const example = oneNode('Resize', inputs, attributes)
    expect(interpret(example.model, example.inputs).values.get('output_0')!.dims).toEqual([8, 12])
  })

  it('agrees in operator set 10, where it had no attributes but its mode', async () => {
    const draw = draws(4)
    for (let i = 0; i < 100; i++) {
      const mode = draw.pick(['nearest', 'linear'])
      const { dims, moving } = shape(draw, mode)
      const scales = scalesFor(draw, dims, moving)
      if (lengths(dims, scales).every((length, axis) => length === dims[axis])) continue
      const inputs = [draw.normal(dims), floats(scales)]
      const example = oneNode('Resize', inputs, { mode: text(mode) }, { opset: 10, stored: [1] })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('agrees on whole numbers, which are cut off', async () => {
    const draw = draws(8)
    for (const mode of ['nearest', 'linear']) {
      const inputs = [draw.integers([1, 2, 4, 5], -99, 99, 'int32'), undefined, floats([1, 1, 2, 0.5])]
      const example = oneNode('Resize', inputs, { mode: text(mode) }, { stored: [2] })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('says what it cannot do', () => {
    const run = (inputs: (Tensor | undefined)[], attributes: Record<string, Attribute>) => {
      const example = oneNode('Resize', inputs, attributes, { opset: 19 })
      return () => interpret(example.model, example.inputs)
    }
    const x = draws(5).normal([2, 2])
    const twice = [x, undefined, floats([2, 2])]
    expect(run(twice, { antialias: int(1) })).toThrow('antialias: Resize "node" asks for it')
    expect(run(twice, { mode: text('best') })).toThrow('the interpreter knows no mode "best" of Resize')
    expect(run(twice, { nearest_mode: text('best') })).toThrow('no nearest_mode "best"')
    expect(run(twice, { coordinate_transformation_mode: text('best') })).toThrow('no coordinate_transformation_mode')
    expect(run([x], {})).toThrow('Resize "node" needs scales or sizes for 2 axes')
  })
})

describe('Upsample', () => {
  it('agrees with ONNX Runtime, its scales an attribute or an input', async () => {
    const draw = draws(6)
    for (let i = 0; i < 60; i++) {
      const mode = draw.pick(['nearest', 'linear'])
      const { dims, moving } = shape(draw, mode)
      const scales = dims.map((_, axis) => (moving.includes(axis) ? draw.pick([1, 1.5, 2, 2.6, 3]) : 1))
      if (lengths(dims, scales).every((length, axis) => length === dims[axis])) continue
      const x = draw.normal(dims)
      const old = oneNode(
        'Upsample',
        [x],
        { mode: text(mode), scales: { type: 'floats', value: scales } },
        { opset: 7 },
      )
      const newer = oneNode('Upsample', [x, floats(scales)], { mode: text(mode) }, { opset: 9, stored: [1] })
      expect(await disagreements(runtime, old)).toEqual([])
      expect(await disagreements(runtime, newer)).toEqual([])
    }
  })
})
