import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, sizeOf, type Tensor, tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'
import { differentiate, gradientName } from '../differentiate.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const check = async (example: Example) => expect(await wrongGradients(runtime, example)).toEqual([])

const floats = (values: readonly number[]) => tensor('float32', [values.length], Float32Array.from(values))

/** Shapes that ONNX Runtime resizes in a mode, and the axes that it resizes. */
function shape(draw: Draws, mode: string): { dims: number[]; axes: number[] } {
  const ranks = {
    nearest: [
      [1, 0],
      [3, 0, 1, 2],
      [4, 2, 3],
      [4, 0, 1, 2, 3],
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
  const [rank, ...axes] = draw.pick(ranks[mode as 'nearest' | 'linear' | 'cubic']) as [number, ...number[]]
  return { dims: Array.from({ length: rank }, (_, axis) => draw.between(1, axes.includes(axis) ? 6 : 2)), axes }
}

/** The example, or none where nothing would be left of an axis. */
function anyResize(draw: Draws, mode: string): Example | undefined {
  const { dims, axes } = shape(draw, mode)
  const scale = () => draw.pick([0.5, 1, 2, 3, 4, 0.6, 1.3, 1 / 3, 2.5])
  const scales = dims.map((_, axis) => Math.fround(axes.includes(axis) ? scale() : 1))
  if (dims.some((dim, axis) => Math.fround(dim * scales[axis]!) < 1)) return undefined
  const sizes = dims.map((dim, axis) => (axes.includes(axis) ? draw.between(1, 9) : dim))
  const opset = draw.pick([18, 19, 22])
  const transformations = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric']
  const attributes: Record<string, Attribute> = {
    mode: text(mode),
    coordinate_transformation_mode: text(
      draw.pick(opset < 19 ? transformations : [...transformations, 'half_pixel_symmetric']),
    ),
    nearest_mode: text(draw.pick(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'])),
    ...(draw.chance(0.5) ? { cubic_coeff_a: float(-0.5) } : {}),
    ...(mode === 'cubic' && draw.chance(0.5) ? { exclude_outside: int(1) } : {}),
  }
  const how = draw.chance(0.5) ? [undefined, floats(scales)] : [undefined, undefined, integerTensor(sizes)]
  return oneNode('Resize', [draw.normal(dims), ...how], attributes, { opset, stored: [1, 2, 3] })
}

describe('Resize', () => {
  it.each(['nearest', 'linear', 'cubic'])('passes the gradient in mode %s', async (mode) => {
    const draw = draws(mode.length)
    let checked = 0
    for (let i = 0; i < 50; i++) {
      const example = anyResize(draw, mode)
      if (example === undefined) continue
      await check(example)
      checked++
    }
    expect(checked).toBeGreaterThan(30)
  })

  it('passes the gradient of named axes, of crops, and where the aspect ratio is kept', async () => {
    const draw = draws(1)
    for (let i = 0; i < 30; i++) {
      const dims = [1, 2, ...draw.several(2, 2, 7)]
      const mode = draw.pick(['nearest', 'linear', 'cubic'])
      const axes = draw.pick([
        [2, 3],
        [3, 2],
      ])
      const policy = text(draw.pick(['stretch', 'not_larger', 'not_smaller']))
      const kept = { mode: text(mode), axes: ints(axes), keep_aspect_ratio_policy: policy }
      const sizes = integerTensor(draw.several(2, 2, 9))
      await check(oneNode('Resize', [draw.normal(dims), undefined, undefined, sizes], kept, { opset: 18, stored: [3] }))
      const crop = {
        mode: text(mode),
        coordinate_transformation_mode: text('tf_crop_and_resize'),
        extrapolation_value: float(3),
      }
      const roi = floats([0, 0, draw.pick([0.1, -0.3]), 0.25, 1, 1, draw.pick([0.8, 1.2]), 1])
      // ONNX Runtime crops nothing where no length changes.
      const all = integerTensor([1, 2, dims[2]! + draw.pick([-1, 1, 2]), draw.between(2, 9)])
      await check(oneNode('Resize', [draw.normal(dims), roi, undefined, all], crop, { opset: 18, stored: [1, 3] }))
    }
  })

  it('passes the gradient of long axes', async () => {
    const draw = draws(2)
    for (const mode of ['nearest', 'linear', 'cubic']) {
      for (const transformation of ['half_pixel', 'tf_crop_and_resize']) {
        const attributes = { mode: text(mode), coordinate_transformation_mode: text(transformation) }
        const roi = transformation === 'half_pixel' ? undefined : floats([0, -0.1, 1, 0.7])
        const inputs = [draw.normal([3, 260]), roi, undefined, integerTensor([5, draw.pick([390, 130])])]
        await check(oneNode('Resize', inputs, attributes, { opset: 18, stored: [1, 3] }))
      }
    }
  })

  it('sums over copies where every pixel is repeated', async () => {
    const inputs = [draws(3).normal([1, 2, 3, 4]), undefined, floats([1, 1, 2, 3])]
    const attributes = { coordinate_transformation_mode: text('asymmetric'), nearest_mode: text('floor') }
    const example = oneNode('Resize', inputs, attributes, { opset: 18, stored: [2] })
    const { model } = await weighted(example)
    expect(model.graph.nodes.map(({ op }) => op)).not.toContain('MatMul')
    await check(example)
  })

  // The interpreter does not smooth: compared with what ONNX Runtime gives for each unit of the input.
  it('passes the gradient of smoothed reductions', async () => {
    const draw = draws(4)
    for (let i = 0; i < 30; i++) {
      const dims = [1, 1, ...draw.several(2, 2, 9)]
      const sizes = integerTensor([1, 1, ...draw.several(2, 1, 9)])
      const mode = draw.pick(['linear', 'cubic'])
      const attributes = {
        mode: text(mode),
        antialias: int(1),
        coordinate_transformation_mode: text(draw.pick(['half_pixel', 'align_corners', 'asymmetric'])),
        exclude_outside: int(draw.between(0, 1)),
      }
      const example = oneNode('Resize', [draw.normal(dims), undefined, undefined, sizes], attributes, {
        opset: 18,
        stored: [3],
      })
      const { model, weights } = await weighted(example)
      const gradient = (await runtime.run(model, example.inputs))[gradientName('input_0')]!.data as Float32Array
      for (let at = 0; at < sizeOf(dims); at++) {
        const unit = { input_0: tensor('float32', dims, new Float32Array(sizeOf(dims)).fill(1, at, at + 1)) }
        const column = (await runtime.run(example.model, unit)).output_0!.data as Float32Array
        const expected = column.reduce((sum, y, k) => sum + y * weights[k]!, 0)
        expect(gradient[at]).toBeCloseTo(expected, 4)
      }
    }
  })

  it('refuses scales that are computed from data', async () => {
    const example = oneNode(
      'Resize',
      [draws(5).normal([1, 1, 2, 2]), undefined, floats([1, 1, 2, 2])],
      {},
      { opset: 18 },
    )
    await expect(weighted(example)).rejects.toThrow('Resize "node" computes its scales from data')
  })
})

/** The gradient graph of the sum of an example's output, each element times a weight. */
async function weighted({ model, inputs }: Example) {
  const { output_0: output } = await runtime.run(model, inputs)
  const weights = draws(9).normal(output!.dims) as Tensor<'float32'>
  const node = (op: string, names: string[], name: string, attributes: Record<string, Attribute> = {}) => ({
    op,
    domain: '',
    name,
    inputs: names,
    outputs: [name],
    attributes,
  })
  const graph = {
    ...model.graph,
    nodes: [
      ...model.graph.nodes,
      node('Mul', ['output_0', 'weights'], 'weighted'),
      node('ReduceSum', ['weighted'], 'loss', { keepdims: int(0) }),
    ],
    initializers: new Map<string, Tensor>([...model.graph.initializers, ['weights', weights]]),
  }
  const request = { loss: 'loss', parameters: ['input_0'], inputs }
  const whole = await differentiate(runtime, { ...model, graph }, request)
  return { model: whole, weights: weights.data }
}
