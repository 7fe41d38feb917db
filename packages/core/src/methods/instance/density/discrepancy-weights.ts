import { gramOperator, multiply, symmetricEigen, topEigenpairs } from '../../../linalg/index.ts'
import { type Matrix, matrix } from '../../../tensor/index.ts'
import type { MethodContext } from '../../method.ts'
import {
  halfSquaredNorm,
  halfSquaredNormValue,
  momentDifference,
  quadraticForms,
  SQUARINGS,
} from './spectral-discrepancy.ts'
import { project } from './weight-box.ts'

const SIMPLEX = { bound: 1, least: 1, most: 1 }

/** A norm is done with where its square is within this part of its minimum; the last of them to the second number. */
const CLOSE = 0.02
const CLOSEST = 2e-3

/** Weights, and the matrix that belongs to them. */
interface Point {
  readonly q: Float64Array
  readonly m: Matrix
}

/**
 * Weights `q >= 0`, `Σq = 1`, of the rows of `x` (`n × d`) with nearly the smallest spectral norm of
 * `M(q) = Σ_i q_i x_i x_iᵀ − T`: Schatten norms that come closer and closer to it are minimised one after the other, each from
 * where the one before ended, by Nesterov's accelerated projected gradient, at most `iterations` steps each.
 */
export async function smallestDiscrepancy(
  context: Pick<MethodContext, 'runtime' | 'progress' | 'signal'>,
  x: Matrix,
  t: Matrix,
  iterations: number,
): Promise<Float64Array> {
  const { runtime } = context
  const q = new Float64Array(x.rows).fill(1 / x.rows)
  let point: Point = { q, m: await momentDifference(runtime, x, t, q) }
  let steepness = 0
  for (const [done, squarings] of SQUARINGS.entries()) {
    context.progress(done, SQUARINGS.length)
    const close = done + 1 < SQUARINGS.length ? CLOSE : CLOSEST
    let [ahead, speed, lowerBound] = [point, 1, 0]
    let reached = Number.POSITIVE_INFINITY
    for (let step = 0; step < iterations; step++) {
      context.signal?.throwIfAborted()
      const { value, gradient } = await halfSquaredNorm(runtime, ahead.m, squarings)
      const slopes = await quadraticForms(runtime, x, gradient)
      lowerBound = Math.max(lowerBound, value + smallest(slopes) - dot(slopes, ahead.q))
      if (step === 0) reached = value
      if (reached - lowerBound <= close * reached) break
      if (steepness === 0) steepness = x.rows * slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0)
      const before = point
      for (let tries = 0; tries < 40; tries++) {
        const next = project(
          ahead.q.map((weight, i) => weight - slopes[i] / steepness),
          SIMPLEX,
        )
        point = { q: next, m: await momentDifference(runtime, x, t, next) }
        reached = await halfSquaredNormValue(runtime, point.m, squarings)
        const change = next.map((weight, i) => weight - ahead.q[i])
        const model = value + dot(slopes, change) + (steepness / 2) * dot(change, change)
        if (reached <= model + 1e-13 * value) break
        steepness *= 2
      }
      steepness *= 0.9
      const { q: now } = point
      // A step back against the way come so far: the momentum leads astray (O'Donoghue and Candès 2015).
      if (now.reduce((sum, weight, i) => sum + (ahead.q[i] - weight) * (weight - before.q[i]), 0) > 0) speed = 1
      const faster = (1 + Math.sqrt(1 + 4 * speed * speed)) / 2
      ahead = extrapolated(before, point, (speed - 1) / faster)
      speed = faster
    }
  }
  return point.q
}

/** `b + share · (b − a)`: `M` is linear in the weights where their sum stays 1. */
const extrapolated = (a: Point, b: Point, share: number): Point => ({
  q: b.q.map((weight, i) => weight + share * (weight - a.q[i])),
  m: matrix(
    b.m.rows,
    b.m.columns,
    b.m.data.map((value, i) => value + share * (value - a.m.data[i])),
  ),
})

/** Residual of the largest singular value of `M`, as a part of it: the value is right to its square. */
const TOLERANCE = 1e-5

/** The spectral norm of `M(q)` alone: all eigenvalues are not needed for it. */
export async function spectralDiscrepancy(
  { runtime }: Pick<MethodContext, 'runtime'>,
  x: Matrix,
  t: Matrix,
  q: Float64Array,
): Promise<number> {
  const operator = gramOperator(await momentDifference(runtime, x, t, q))
  const { values } = await topEigenpairs(runtime, operator, 1, { tolerance: TOLERANCE })
  return Math.sqrt(Math.max(values[0]!, 0))
}

/** Powers of which the certificate takes the best. */
const POWERS: readonly number[] = [17, 33, 65, 129, 257]

/**
 * The spectral norm of `M(q)`, and a number that it does not fall below for any weights: for every symmetric `G` whose
 * eigenvalues' sizes have sum 1, `‖M(q)‖ >= ⟨G, M(q)⟩ >= min_i x_iᵀGx_i − ⟨G, T⟩`; `G` is a high power of `M`.
 */
export async function certificate(
  { runtime }: Pick<MethodContext, 'runtime'>,
  x: Matrix,
  t: Matrix,
  q: Float64Array,
): Promise<{ readonly discrepancy: number; readonly lowerBound: number }> {
  const { values, vectors } = symmetricEigen(await momentDifference(runtime, x, t, q))
  const discrepancy = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  let lowerBound = 0
  if (discrepancy === 0) return { discrepancy, lowerBound }
  for (const power of POWERS) {
    const shares = values.map((value) => Math.sign(value) * (Math.abs(value) / discrepancy) ** power)
    const total = shares.reduce((sum, share) => sum + Math.abs(share), 0)
    const g = await spectral(shares.map((share) => share / total))
    lowerBound = Math.max(lowerBound, smallest(await quadraticForms(runtime, x, g)) - dot(g.data, t.data))
  }
  return { discrepancy, lowerBound }

  /** `V diag(shares) Vᵀ`. */
  async function spectral(shares: Float64Array): Promise<Matrix> {
    const columns = vectors.columns
    const scaled = matrix(
      columns,
      columns,
      vectors.data.map((value, at) => value * shares[at % columns]),
    )
    return multiply(runtime, scaled, vectors, { b: true })
  }
}

const smallest = (slopes: Float64Array): number =>
  slopes.reduce((least, slope) => Math.min(least, slope), Number.POSITIVE_INFINITY)

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
