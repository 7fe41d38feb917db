import { afterAll, expect, it } from 'vitest'
import { between, normalTensor, pick, randomDims, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import type { Random, Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { float, ints, text } from '../builder.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const inType = (x: Tensor<'float32'>, type: string): Tensor => {
  if (type === 'float64') return { type, dims: x.dims, data: Float64Array.from(x.data) }
  return type === 'float16'
    ? { type, dims: x.dims, data: Uint16Array.from(x.data, (value) => (value > 0 ? 0x3c00 : 0xc200)) }
    : x
}

it('adds the elements that Pad added, and takes away those of negative widths', async () => {
  const example = (random: Random): Example => {
    const dims = randomDims(random, between(random, 1, 4), 3)
    const mode = pick(random, ['constant', 'reflect', 'edge', undefined])
    const least = mode === undefined || mode === 'constant' ? -1 : 0
    const pads = Array.from({ length: 2 * dims.length }, () => between(random, least, 2))
    const attributes = {
      pads: ints(pads),
      ...(mode === undefined ? {} : { mode: text(mode) }),
      ...(random.integer(3) === 0 ? {} : { value: float(random.normal()) }),
    }
    const x = inType(normalTensor(random, dims), pick(random, ['float32', 'float64', 'float16']))
    return oneNode('Pad', [x], attributes, { opset: between(random, 7, 10) })
  }
  expect(await worstDifference(runtime, 40, example)).toBe(0)
})
