import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, sizeOf, type Tensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { checkGradient } from '../../testing/gradient-check.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

interface Case {
  readonly inputs: readonly Tensor[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}

const shape = (draw: Draws, least: number, most: number): number[] => draw.several(draw.between(least, most), 1, 4)
const floats = (draw: Draws, dims: readonly number[]): Tensor => draw.normal(dims, draw.pick(['float32', 'float64']))

/** Random cases of each operator; inputs but the first are stored. */
const operators: Readonly<Record<string, (draw: Draws) => Case>> = {
  Reshape(draw) {
    const dims = shape(draw, 0, 4)
    const order = Array.from(draw.random.permutation(dims.length), (axis) => dims[axis]!)
    const asked = draw.pick([order, [sizeOf(dims)], [-1, 1], [...dims, 1], dims.map((_, i) => (i === 0 ? -1 : 0))])
    return { inputs: [floats(draw, dims), integerTensor(asked)] }
  },
  Flatten(draw) {
    const dims = shape(draw, 1, 4)
    return { inputs: [floats(draw, dims)], attributes: { axis: int(draw.between(-dims.length, dims.length)) } }
  },
  Squeeze(draw) {
    const dims = [draw.between(1, 3), 1, ...shape(draw, 0, 2), 1]
    const axes = draw.pick([[1], [-1], [-1, 1]])
    return { inputs: [floats(draw, dims), ...(draw.chance(0.7) ? [integerTensor(axes)] : [])] }
  },
  Unsqueeze(draw) {
    const dims = shape(draw, 0, 3)
    return { inputs: [floats(draw, dims), integerTensor(draw.pick([[0], [-1], [0, -1]]))] }
  },
  Transpose(draw) {
    const dims = shape(draw, 1, 5)
    const perm = { perm: ints(Array.from(draw.random.permutation(dims.length))) }
    return { inputs: [floats(draw, dims)], attributes: draw.chance(0.8) ? perm : {} }
  },
  DepthToSpace(draw) {
    const b = draw.between(1, 3)
    const dims = [draw.between(1, 2), b * b * draw.between(1, 2), ...draw.several(2, 1, 3)]
    const mode: Record<string, Attribute> = draw.pick([{}, { mode: text('DCR') }, { mode: text('CRD') }])
    return { inputs: [floats(draw, dims)], attributes: { blocksize: int(b), ...mode } }
  },
  SpaceToDepth(draw) {
    const b = draw.between(1, 3)
    const dims = [...draw.several(2, 1, 3), b * draw.between(1, 3), b * draw.between(1, 3)]
    return { inputs: [floats(draw, dims)], attributes: { blocksize: int(b) } }
  },
  Expand(draw) {
    const dims = shape(draw, 0, 4)
    const from = dims.slice(draw.between(0, dims.length)).map((dim) => draw.pick([1, dim]))
    const asked = dims.map((dim, i) => (i >= dims.length - from.length && draw.chance(0.2) ? 1 : dim))
    return { inputs: [floats(draw, from), integerTensor(asked)] }
  },
  Tile(draw) {
    const dims = shape(draw, 1, 4)
    return { inputs: [floats(draw, dims), integerTensor(draw.several(dims.length, 1, 3))] }
  },
}

describe.each(Object.entries(operators))('%s', (operator, caseOf) => {
  it('passes the gradient in any form', async () => {
    const draw = draws(1)
    for (let i = 0; i < 30; i++) {
      const { inputs, attributes = {} } = caseOf(draw)
      const example = oneNode(operator, inputs, attributes, { opset: draw.pick([18, 20, 21]), stored: [1] })
      const check = await checkGradient(runtime, example)
      expect(check.exact).toBeLessThan(1e-6)
      expect(check.run).toBeLessThan(1e-4)
    }
  })
})
