import { afterAll, expect, it } from 'vitest'
import { between, normalTensor, pick, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import type { Random, Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { float, int, text } from '../builder.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

it('takes regions as RoiAlign did', async () => {
  const example = (random: Random): Example => {
    const x = normalTensor(random, [2, 2, 6, 7])
    const count = between(random, 1, 3)
    const corners = Array.from({ length: count }, () => {
      const [left, top] = [3 * random.uniform(), 3 * random.uniform()]
      return [left, top, left + 1 + 2 * random.uniform(), top + 1 + 2 * random.uniform()]
    })
    const regions: Tensor = { type: 'float32', dims: [count, 4], data: Float32Array.from(corners.flat()) }
    const batch = BigInt64Array.from({ length: count }, () => BigInt(random.integer(2)))
    const isMean = random.integer(2) === 0
    const attributes = {
      output_height: int(between(random, 1, 3)),
      output_width: int(between(random, 1, 3)),
      sampling_ratio: int(isMean ? random.integer(3) : 1),
      spatial_scale: float(pick(random, [1, 0.5])),
      mode: text(isMean ? 'avg' : 'max'),
    }
    const inputs = [x, regions, { type: 'int64', dims: [count], data: batch } as const]
    return oneNode('RoiAlign', inputs, attributes, { opset: between(random, 10, 15) })
  }
  expect(await worstDifference(runtime, 20, example)).toBe(0)
})
