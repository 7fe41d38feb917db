import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { draws, drawTensor } from '../../testing/draw.ts'
import { checkGradient } from '../../testing/gradient-check.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

async function expectGradients(
  equation: string,
  shapes: readonly (readonly number[])[],
  type: 'float32' | 'float64',
  by?: readonly string[],
): Promise<void> {
  const random = draws(1)[0]!
  const inputs = shapes.map((dims) => drawTensor(random, type, dims, -2, 2))
  const example = oneNode('Einsum', inputs, { equation: text(equation) }, { opset: 18 })
  const check = await checkGradient(runtime, example, { probes: 12, ...(by && { by }) })
  expect(check.exact, equation).toBeLessThan(1e-6)
  expect(check.run, equation).toBeLessThan(1e-4)
}

/** Equations as they stand in models, and at the edges of what ONNX Runtime takes. */
const equations: [equation: string, ...shapes: number[][]][] = [
  ['ij,jk->ik', [2, 3], [3, 4]],
  ['ij,kj->ik', [2, 3], [4, 3]],
  ['ij,jk', [2, 3], [3, 4]],
  ['bhqd,bhkd->bhqk', [2, 3, 4, 2], [2, 3, 5, 2]],
  ['bqhd,bkhd->bhqk', [2, 4, 3, 2], [2, 5, 3, 2]],
  ['bhqk,bkhd->bqhd', [2, 3, 4, 5], [2, 5, 3, 2]],
  ['bhwc,hkc->bhwk', [2, 3, 4, 2], [3, 5, 2]],
  ['bnqd, mld -> bnqml', [2, 2, 3, 2], [2, 3, 2]],
  ['i,j->ij', [3], [4]],
  ['i,i->', [3], [3]],
  ['ij->ji', [2, 3]],
  ['ij->', [2, 3]],
  ['ij->i', [2, 3]],
  ['ii->i', [3, 3]],
  ['ii->', [3, 3]],
  ['iij->j', [3, 3, 2]],
  ['iji,jk->k', [3, 2, 3], [2, 4]],
  ['iii->i', [2, 2, 2]],
  ['ij,ij->ij', [2, 3], [2, 3]],
  ['ij,k->i', [2, 3], [4]],
  ['ij,jk,kl->il', [2, 3], [3, 4], [4, 2]],
  ['i,j,k->kji', [2], [3], [4]],
  ['bi,bj,bij->b', [2, 3], [2, 4], [2, 3, 4]],
  ['...ij,...jk->...ik', [2, 1, 3, 2], [2, 4, 2, 3]],
  ['...ij,jk->...ik', [2, 4, 3, 2], [2, 3]],
  ['...i,...i->...', [2, 1, 3], [2, 4, 3]],
  ['...->...', [2, 3]],
  ['i...->...i', [2, 3, 4]],
  ['...ij,...jk', [2, 3, 4], [2, 4, 2]],
  ['ij,jk->ik', [2, 1], [3, 4]],
  ['ij,jk->ik', [2, 3], [1, 4]],
  ['ij,jk->ik', [1, 3], [3, 1]],
  ['ij,ij->j', [1, 3], [4, 1]],
]

describe('Einsum', () => {
  it.each(equations)('passes the gradient of %s', async (equation, ...shapes) => {
    await expectGradients(equation, shapes, 'float32')
    await expectGradients(equation, shapes, 'float64', ['input_0'])
  })

  it('passes the gradient of any one or two operands', async () => {
    const labels = ['i', 'j', 'k', 'l']
    const some = fc.shuffledSubarray(labels)
    const cases = fc.record({
      first: some,
      second: fc.option(some, { nil: undefined }),
      order: fc.shuffledSubarray(labels),
      sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
      type: fc.constantFrom('float32' as const, 'float64' as const),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ first, second, order, sizes, type }) => {
        const operands = second === undefined ? [first] : [first, second]
        if (operands.some((each) => each.length === 0)) return
        const result = order.filter((label) => operands.some((each) => each.includes(label)))
        const equation = `${operands.map((each) => each.join('')).join(',')}->${result.join('')}`
        const shapes = operands.map((each) => each.map((label) => sizes[labels.indexOf(label)]!))
        await expectGradients(equation, shapes, type)
      }),
      { numRuns: 60 },
    )
  })
})
