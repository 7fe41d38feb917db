import { expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { randomTensor } from '../../testing/random-tensor.ts'

it('passes the gradient to both sides, broadcast', async () => {
  const runtime = await nodeRuntime()
  for (const [a, b] of [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [
      [1, 3],
      [2, 1],
    ],
    [[], [4, 1, 2]],
  ] as const) {
    const check = await checkGradient(
      runtime,
      oneNode('Add', [randomTensor(a, 1), randomTensor(b, 2)], {}, { opset: 18 }),
    )
    expect(check.exact).toBeLessThan(1e-7)
    expect(check.run).toBeLessThan(1e-4)
  }
})
