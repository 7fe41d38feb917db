import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { sizeOf, type Tensor, tensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { checkGradient } from '../../testing/gradient-check.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/**
 * A grid whose places keep away from pixels and from half-way between them: the first in the image, the others in it or
 * beyond.
 */
function gridFor(draw: Draws, batch: number, sizes: readonly number[], aligned: boolean): Tensor {
  const dims = [batch, ...draw.several(sizes.length, 1, 4), sizes.length]
  const numbers = Array.from({ length: sizeOf(dims) }, (_, i) => {
    const length = sizes[sizes.length - 1 - (i % sizes.length)]!
    const pixel = i < sizes.length ? draw.between(0, length - 2) : draw.between(-3, length + 2)
    const place = pixel + draw.pick([0, 0.5]) + 0.1 + 0.3 * draw.random.uniform()
    return aligned ? (2 * place) / (length - 1) - 1 : (2 * place + 1) / length - 1
  })
  return tensor('float32', dims, Float32Array.from(numbers))
}

describe('GridSample', () => {
  it.each(['nearest', 'linear', 'cubic'])('passes the gradient by image and grid in mode %s', async (mode) => {
    const draw = draws(1)
    for (let i = 0; i < (mode === 'cubic' ? 12 : 25); i++) {
      const old = draw.chance(0.5)
      const rank = old || mode === 'cubic' ? 2 : draw.pick([2, 3])
      const aligned = draw.chance(0.5)
      const attributes: Record<string, Attribute> = {
        mode: text(old && mode !== 'nearest' ? `bi${mode}` : mode),
        padding_mode: text(draw.pick(['zeros', 'border', 'reflection'])),
        align_corners: int(Number(aligned)),
      }
      const batch = draw.between(1, 2)
      const sizes = draw.several(rank, 2, 5)
      const x = draw.normal([batch, draw.between(1, 3), ...sizes])
      const grid = gridFor(draw, batch, sizes, aligned)
      const example = oneNode('GridSample', [x, grid], attributes, { opset: old ? 18 : draw.pick([20, 22]) })
      const by = draw.pick([undefined, ['input_0'], ['input_1']])
      const check = await checkGradient(runtime, example, by === undefined ? {} : { by })
      expect(check.exact).toBeLessThan(1e-6)
      expect(check.run).toBeLessThan(1e-4)
    }
  })
})
