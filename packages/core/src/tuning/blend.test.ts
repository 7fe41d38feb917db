import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mlp } from '../networks/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { bestOf, blended, type Candidate } from './blend.ts'

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

describe('the weights that held-out rows choose', () => {
  const candidate = (accuracy: number, loss: number): Candidate => ({
    part: 0,
    network: network(1),
    evaluation: { accuracy, loss },
  })

  it('are the first that are about as accurate as the best', () => {
    // Half a standard error of an accuracy around 0.9 is 0.02 on 50 rows and 0.002 on 5,000.
    const candidates = [candidate(0.88, 0.4), candidate(0.9, 0.3), candidate(0.9, 0.2)]
    expect(bestOf(candidates, 50)).toBe(candidates[0])
    expect(bestOf(candidates, 5000)).toBe(candidates[1])
    const worse = [candidate(0.82, 0.1), candidate(0.9, 0.4)]
    expect(bestOf(worse, 50)).toBe(worse[1])
  })

  it('are never those without a finite loss where there are others', () => {
    const broken = [candidate(0.6, Number.NaN), candidate(0.5, 3), candidate(0.5, Number.POSITIVE_INFINITY)]
    expect(bestOf(broken, 10)).toBe(broken[1])
    expect(bestOf(broken.slice(0, 1), 10)).toBe(broken[0])
  })

  it('are never less accurate than the best by more than half a standard error', () => {
    const evaluations = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40 }), fc.double({ min: 0, max: 9, noNaN: true })),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    fc.assert(
      fc.property(evaluations, (all) => {
        const candidates = all.map(([right, loss]) => candidate(right / 40, loss))
        const best = Math.max(...candidates.map(({ evaluation }) => evaluation.accuracy))
        expect(best - bestOf(candidates, 40).evaluation.accuracy).toBeLessThanOrEqual(0.5 * Math.sqrt(0.25 / 40))
      }),
    )
  })
})
