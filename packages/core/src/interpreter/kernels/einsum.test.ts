import { afterAll, describe, expect, it } from 'vitest'
import { text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'
import { parseEquation } from './einsum-equation.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const cases: [equation: string, ...shapes: number[][]][] = [
  ['ij,jk->ik', [2, 3], [3, 4]],
  ['ij, jk', [2, 3], [3, 4]],
  ['ji,jk', [3, 2], [3, 4]],
  ['i,i->', [3], [3]],
  ['i,j->ij', [3], [4]],
  ['i,j->ji', [3], [4]],
  ['ii', [3, 3]],
  ['ii->i', [3, 3]],
  ['iij->ji', [3, 3, 2]],
  ['iji,j->i', [3, 2, 3], [2]],
  ['ijk->k', [2, 3, 4]],
  ['ijk->kij', [2, 3, 4]],
  ['ijk->', [2, 3, 4]],
  ['ij->ji', [2, 3]],
  ['...ij->...ji', [5, 2, 3]],
  ['...ij,...jk->...ik', [2, 5, 2, 3], [2, 5, 3, 4]],
  ['...ij,...jk->...ik', [2, 1, 2, 3], [1, 5, 3, 4]],
  ['...ij,jk', [2, 5, 2, 3], [3, 4]],
  ['i...j->j...i', [2, 5, 4, 3]],
  ['...', [2, 3]],
  ['bhid,bhjd->bhij', [2, 3, 4, 5], [2, 3, 6, 5]],
  ['bhij,bhjd->bihd', [2, 3, 4, 6], [2, 3, 6, 5]],
  ['bij,bij->b', [2, 3, 4], [2, 3, 4]],
  ['ij,jk,kl->il', [2, 3], [3, 4], [4, 2]],
  ['ij,jk,k->i', [2, 3], [3, 4], [4]],
  ['i,ij,ij,j', [2], [2, 3], [2, 3], [3]],
  ['ij,kl->', [2, 3], [4, 5]],
  ['ab,cb->ac', [2, 3], [4, 3]],
  ['ib,jb,b->ij', [2, 3], [4, 3], [3]],
]

describe('Einsum', () => {
  it.each(cases)('%s agrees with ONNX Runtime', async (equation, ...shapes) => {
    const draw = draws(1)
    for (const type of ['float32', 'float64'] as const) {
      for (const opset of [12, 17]) {
        const operands = shapes.map((dims) => draw.normal(dims, type))
        const example = oneNode('Einsum', operands, { equation: text(equation) }, { opset })
        expect(await disagreements(runtime, example)).toEqual([])
      }
    }
  })

  it('repeats axes of length 1', () => {
    const draw = draws(2)
    const operands = [draw.normal([2, 1]), draw.normal([3, 4])]
    const run = (equation: string) => {
      const { model, inputs } = oneNode('Einsum', operands, { equation: text(equation) })
      return interpret(model, inputs).values.get('output_0')!
    }
    expect(run('ij,jk->ik').dims).toEqual([2, 4])
    const [a, b] = operands.map(({ data }) => Array.from(data as Float32Array))
    const sums = [0, 1, 2, 3].map((k) => b[k] + b[4 + k] + b[8 + k])
    const expected = a.flatMap((x) => sums.map((sum) => x * sum))
    run('ij,jk->ik').data.forEach((got, i) => {
      expect(got).toBeCloseTo(expected[i], 12)
    })
  })

  it('orders an implied result by its letters, capitals first, after the ellipsis', () => {
    expect(parseEquation('b...A, ab', [4, 2]).result).toEqual(['.0', '.1', 'A', 'a'])
  })

  it('says what is wrong with an equation', () => {
    expect(() => parseEquation('ij,jk->ik', [2])).toThrow('has 2 terms for 1 operands')
    expect(() => parseEquation('ij->ik', [2])).toThrow('has "k" in its result alone')
    expect(() => parseEquation('ij->i', [3])).toThrow('gives "ij" to an operand with 3 axes')
    expect(() => parseEquation('...ijk->i', [2])).toThrow('gives "...ijk" to an operand with 2 axes')
    const draw = draws(1)
    const { model, inputs } = oneNode('Einsum', [draw.normal([2, 3]), draw.normal([2, 3])], { equation: text('ij,jk') })
    expect(() => interpret(model, inputs)).toThrow('Einsum "node" has an axis of lengths 3 and 2')
  })
})
