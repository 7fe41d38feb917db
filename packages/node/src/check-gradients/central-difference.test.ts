import { graphBuilder, int, interpret, seededRandom, type Tensor } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { centralDifference } from './central-difference.ts'
import { elementDirection, randomDirection } from './direction.ts'

/** `loss = Σ max(w² − c, 0)`, with a kink where an element of `w` is `√c`. */
function rooted(w: readonly number[], c: number) {
  const graph = graphBuilder()
  const floats = (data: readonly number[], dims: readonly number[]): Tensor => ({
    type: 'float64',
    dims,
    data: Float64Array.from(data),
  })
  const stored = graph.constant(floats(w, [w.length]), 'w')
  const shifted = graph.node('Sub', [graph.node('Mul', [stored, stored]), graph.constant(floats([c], []))])
  graph.output('loss', graph.node('ReduceSum', [graph.node('Relu', [shifted])], { keepdims: int(0) }), 'float64', [])
  return interpret(graph.model(), {})
}

describe('a central difference', () => {
  it('is the derivative along a direction, whatever was expected', () => {
    const whole = rooted([3, -2, 1.5], 1)
    const at = (i: number, derivative: number) =>
      centralDifference(whole, 'w', elementDirection(i), { derivative, scale: 1 })
    expect(at(0, 6).derivative).toBeCloseTo(6, 7)
    expect(at(0, 6).evaluations).toBe(2)
    for (const wrong of [0, 5.99, -6, 1e6]) expect(at(1, wrong).derivative).toBeCloseTo(-4, 5)
  })

  it('sums over all elements along a random direction', () => {
    const direction = randomDirection(3, seededRandom(1))
    const expected = direction.derivative(Float64Array.of(6, -4, 3))
    const found = centralDifference(rooted([3, -2, 1.5], 1), 'w', direction, { derivative: 0, scale: 8 })
    expect(found.derivative).toBeCloseTo(expected, 5)
    const moved = new Float64Array(3)
    direction.move(moved, 0.5)
    expect(Array.from(moved, Math.abs)).toEqual([0.5, 0.5, 0.5])
    expect(direction.derivative(moved)).toBe(1.5)
  })

  it('counts beside a kink, and not on it', () => {
    const beside = rooted([1 + 2e-7], 1)
    const found = centralDifference(beside, 'w', elementDirection(0), { derivative: 0, scale: 1 })
    expect(found.derivative).toBeCloseTo(2, 4)
    const on = centralDifference(rooted([1], 1), 'w', elementDirection(0), { derivative: 2, scale: 1 })
    expect(on.derivative).toBeUndefined()
  })
})
