import { afterAll, describe, expect, it } from 'vitest'
import { svd } from '../../linalg/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, takeColumns, transpose } from '../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../../testing/matrices.ts'
import { geodesicFlowFactor } from './geodesic-flow.ts'
import { agreeOnDimension } from './subspace-disagreement.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const D = 9
const orthonormal = (m: Matrix): Matrix => svd(m).u

/** `Φ(t)` by the matrix form of the geodesic, with the orthogonal complement formed. */
function flow(source: Matrix, target: Matrix): (t: number) => Matrix {
  const d = source.columns
  const { u, values, v } = svd(plainProduct(transpose(source), target))
  const projected = plainProduct(source, plainProduct(transpose(source), target))
  const rest = matrix(
    D,
    d,
    target.data.map((value, i) => value - projected.data[i]!),
  )
  const turned = plainProduct(rest, v)
  const from = plainProduct(source, u)
  const angles = Array.from(values, (value, j) => {
    const sine = Math.hypot(...Array.from({ length: D }, (_, i) => rowOf(turned, i)[j]!))
    return { angle: Math.atan2(sine, value), sine }
  })
  return (t) => {
    const phi = matrix(D, d)
    for (let i = 0; i < D; i++) {
      for (let j = 0; j < d; j++) {
        const { angle, sine } = angles[j]!
        const normal = sine > 0 ? rowOf(turned, i)[j]! / sine : 0
        rowOf(phi, i)[j] = rowOf(from, i)[j]! * Math.cos(t * angle) + normal * Math.sin(t * angle)
      }
    }
    return phi
  }
}

/** `∫₀¹ Φ(t)Φ(t)ᵀ dt` by Simpson's rule on 2,000 steps. */
function quadrature(phi: (t: number) => Matrix): Matrix {
  const steps = 2000
  const sum = matrix(D, D)
  for (let s = 0; s <= steps; s++) {
    const weight = (s === 0 || s === steps ? 1 : s % 2 === 1 ? 4 : 2) / (3 * steps)
    const p = phi(s / steps)
    const outer = plainProduct(p, transpose(p))
    for (let i = 0; i < sum.data.length; i++) sum.data[i]! += weight * outer.data[i]!
  }
  return sum
}

describe('geodesicFlowFactor', () => {
  const random = seededRandom(8)
  const source = orthonormal(normalMatrix(D, 3, random))
  const cases: [string, Matrix][] = [
    ['random subspaces', orthonormal(normalMatrix(D, 3, random))],
    [
      'subspaces close together',
      orthonormal(
        matrix(
          D,
          3,
          source.data.map((value) => value + 1e-3 * random.normal()),
        ),
      ),
    ],
    ['the same subspace', source],
    ['a subspace with one direction orthogonal', orthogonalInOne(source, random.fork('o'))],
  ]
  it.each(cases)('its product is the integral of the flow: %s', async (_, target) => {
    const factor = await geodesicFlowFactor(runtime, source, target)
    const kernel = plainProduct(factor, transpose(factor))
    expect(largestDifference(kernel.data, quadrature(flow(source, target)).data)).toBeLessThan(1e-8)
  })

  it('ends where it should: at the target’s subspace', () => {
    const target = cases[0]![1]
    const end = flow(source, target)(1)
    const projector = (m: Matrix) => plainProduct(m, transpose(m))
    expect(largestDifference(projector(end).data, projector(target).data)).toBeLessThan(1e-12)
  })
})

describe('agreeOnDimension', () => {
  it('is the first dimension at which a direction of one domain is orthogonal to the common ones', async () => {
    // Both domains vary most along axis 0; then the source along 1 and the target along 2, more than anything shared.
    const domain = (seed: number, spreads: readonly number[]): Matrix => {
      const m = normalMatrix(400, 6, seededRandom(seed))
      for (let i = 0; i < m.data.length; i++) m.data[i]! *= spreads[i % 6]!
      return m
    }
    const source = domain(1, [9, 5, 0.1, 0.3, 0.2, 0.1])
    const target = domain(2, [9, 0.1, 4, 0.3, 0.2, 0.1])
    const { dimension, source: axes } = await agreeOnDimension(runtime, source, target, 0.5)
    expect(dimension).toBe(2)
    expect(axes.columns).toBe(2)
  })
})

function orthogonalInOne(source: Matrix, random: ReturnType<typeof seededRandom>): Matrix {
  const wide = orthonormal(
    matrix(
      D,
      4,
      Float64Array.from({ length: D * 4 }, (_, i) =>
        i % 4 < 3 ? source.data[Math.floor(i / 4) * 3 + (i % 4)]! : random.normal(),
      ),
    ),
  )
  const { u } = svd(wide)
  const basis = takeColumns(u, 0, 4)
  // A vector of the span of [source, extra] that is orthogonal to the source, beside two of the source's own.
  const own = plainProduct(source, plainProduct(transpose(source), basis))
  const rest = matrix(
    D,
    4,
    basis.data.map((value, i) => value - own.data[i]!),
  )
  const extra = svd(rest).u
  return matrix(
    D,
    3,
    Float64Array.from({ length: D * 3 }, (_, i) => (i % 3 < 2 ? source.data[i]! : extra.data[Math.floor(i / 3) * 4]!)),
  )
}
