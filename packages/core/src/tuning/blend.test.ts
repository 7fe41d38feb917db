import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mlp } from '../networks/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { bestOf, blended, type Candidate, usualPart } from './blend.ts'

const network = (seed: number) => mlp({ inputs: 3, hidden: [4], classes: 2, random: seededRandom(seed) })
const numbers = (of: ReturnType<typeof network>, name: string) => [
  ...(of.graph.initializers.get(name)!.data as Float32Array),
]

describe('blended weights', () => {
  it('lie on the line between those of two networks, with both as its ends', () => {
    const [from, to] = [network(1), network(2)]
    const names = [...from.graph.initializers.keys()]
    expect(names.length).toBeGreaterThan(3)
    for (const part of [0, 0.25, 0.5, 1]) {
      const between = blended(from, to, part)
      for (const name of names) {
        const [a, b] = [numbers(from, name), numbers(to, name)]
        numbers(between, name).forEach((value, i) => {
          expect(value).toBeCloseTo((1 - part) * a[i]! + part * b[i]!, 6)
        })
      }
    }
    expect(numbers(blended(from, to, 0), 'fc1.weight')).toEqual(numbers(from, 'fc1.weight'))
    expect(numbers(blended(from, to, 1), 'fc1.weight')).toEqual(numbers(to, 'fc1.weight'))
  })

  it('leave what both networks share as it is', () => {
    const from = network(1)
    const kept = from.graph.initializers.get('fc1.weight')!
    const to = { ...from, graph: { ...from.graph, initializers: new Map(network(2).graph.initializers) } }
    to.graph.initializers.set('fc1.weight', kept)
    const between = blended(from, to, 0.5)
    expect(between.graph.initializers.get('fc1.weight')).toBe(kept)
    expect(numbers(between, 'fc2.weight')).not.toEqual(numbers(from, 'fc2.weight'))
  })
})

describe('the usual part of the way', () => {
  it('is half at four mistakes a class, and grows with rows and with mistakes', () => {
    expect(usualPart(80, 2, 0.9)).toBe(0.5)
    expect(usualPart(244, 2, 0.9)).toBe(0.75)
    expect(usualPart(244, 2, 0.98)).toBe(0.38)
    expect(usualPart(200, 10, 0.9)).toBe(0.33)
    expect(usualPart(1e6, 10, 0.9)).toBe(1)
    expect(usualPart(244, 2, 1)).toBe(0)
  })

  it('takes a tenth for wrong where nothing is known', () => {
    expect(usualPart(10, 10, null)).toBe(usualPart(10, 10, 0.9))
  })
})

describe('the weights that held-out rows choose', () => {
  const candidate = (right: readonly number[], loss = 1): Candidate => ({
    part: 0,
    network: network(1),
    evaluation: {
      accuracy: right.reduce((sum, each) => sum + each, 0) / right.length,
      loss,
      right: Uint8Array.from(right),
    },
  })
  /** Fifty rows, all right but for those. */
  const wrong = (...rows: number[]) => candidate(Array.from({ length: 50 }, (_, row) => Number(!rows.includes(row))))

  it('are the first, however many are wrong with all, until others have clearly more right', () => {
    const first = wrong(1, 2, 3, 4, 5)
    expect(bestOf([first, wrong(1, 2, 3, 4), wrong(1, 2, 3)])).toBe(first)
    const better = wrong(1, 2)
    expect(bestOf([first, wrong(1, 2, 3), better])).toBe(better)
    const best = wrong()
    expect(bestOf([first, better, best])).toBe(best)
    expect(bestOf([first, best, better])).toBe(best)
  })

  it('stay where rows change sides both ways', () => {
    const first = wrong(1, 2, 3, 4)
    // Four rows won and one lost: three more of five, and a coin does that in one of five.
    expect(bestOf([first, wrong(9)])).toBe(first)
    const [few, many] = [[1, 2, 3, 4, 5, 6, 7, 8], [20]]
    const better = wrong(...many)
    expect(bestOf([wrong(...few), better])).toBe(better)
  })

  it('are never those without a finite loss where there are others', () => {
    const broken = [candidate([1, 1, 1, 1], Number.NaN), candidate([0, 0, 0, 1], 3), candidate([1, 1, 1, 1], Infinity)]
    expect(bestOf(broken)).toBe(broken[1])
    expect(bestOf(broken.slice(0, 1))).toBe(broken[0])
  })

  it('are never less accurate than the first', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), (all) => {
        const candidates = all.map((right) => candidate(right))
        const [first, best] = [candidates[0]!, bestOf(candidates)]
        expect(best.evaluation.accuracy).toBeGreaterThanOrEqual(first.evaluation.accuracy)
        if (best !== first) {
          const rowsOf = ({ evaluation }: Candidate) => [...evaluation.right]
          const gained = rowsOf(best).filter((each, row) => each > rowsOf(first)[row]!).length
          expect(gained).toBeGreaterThanOrEqual(3)
        }
      }),
    )
  })
})
