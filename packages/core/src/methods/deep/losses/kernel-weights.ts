import { InvalidInputError } from '../../../errors.ts'
import { cholesky, solveCholesky } from '../../../linalg/index.ts'
import { type Matrix, matrix } from '../../../tensor/index.ts'
import { kernelMoments } from './kernel-weights-moments.ts'

/** What is added to the diagonal of `Q`, as DAN has it. */
const EPSILON = 1e-3

/**
 * DAN's weights of `m` kernels, not negative and of sum 1: those that maximise `(ηᵀβ)² / βᵀ(Q + εI)β`, so that the
 * estimate stands out from its own variance. `statistics` (`n × m`, `n >= 2`) are the terms of `kernelStatistics`, of one
 * batch or of several below one another. Where no kernel has a positive mean the quadratic program has no solution; the
 * kernel of largest `ηᵤ / √(Qᵤᵤ + ε)` then has all the weight (Gretton 2012). Throws `InvalidInputError` for fewer than
 * two rows, and for an `epsilon` (`ε`, default 1e-3) that is not positive.
 *
 * Long, Cao, Wang, Jordan 2015, Learning Transferable Features with Deep Adaptation Networks, equation 9; Gretton et al.
 * 2012, Optimal Kernel Choice for Large-Scale Two-Sample Tests.
 */
export function kernelWeights(statistics: Matrix, { epsilon = EPSILON }: { readonly epsilon?: number } = {}) {
  const { mean, covariance } = kernelMoments(statistics)
  return optimalKernelWeights(mean, covariance, epsilon)
}

/** The same from `η` (`m`) and `Q` (`m × m`, positive semidefinite). */
export function optimalKernelWeights(mean: Float64Array, covariance: Matrix, epsilon: number = EPSILON): Float64Array {
  if (!(epsilon > 0)) throw new InvalidInputError(`epsilon has to be positive, got ${epsilon}: DAN has 1e-3`)
  const m = mean.length
  const ridged = matrix(m, m, covariance.data.slice())
  for (let u = 0; u < m; u++) ridged.data[u * m + u]! += epsilon
  if (mean.every((value) => value <= 0)) return singleKernel(mean, ridged)
  const found = nonNegativeOptimum(ridged, mean)
  const sum = found.reduce((total, value) => total + value, 0)
  return found.map((value) => value / sum)
}

function singleKernel(mean: Float64Array, ridged: Matrix): Float64Array {
  const ratios = mean.map((value, u) => value / Math.sqrt(ridged.data[u * mean.length + u]!))
  const best = ratios.indexOf(Math.max(...ratios))
  return mean.map((_, u) => (u === best ? 1 : 0))
}

/**
 * The `x >= 0` that maximises `bᵀx − ½ xᵀAx`, `A` positive definite; in direction it maximises `(bᵀx)² / xᵀAx` too. The
 * active set method of Lawson and Hanson 1974, chapter 23: exact after finitely many steps.
 */
function nonNegativeOptimum(a: Matrix, b: Float64Array): Float64Array {
  const m = b.length
  const free = new Set<number>()
  let x: Float64Array = new Float64Array(m)
  const least = 1e-13 * Math.max(...b.map(Math.abs))
  for (;;) {
    const slope = b.map((value, u) => value - dotRow(a, u, x))
    const next = best(
      [...slope.keys()].filter((u) => !free.has(u) && slope[u]! > least),
      slope,
    )
    if (next === undefined) return x
    free.add(next)
    let wanted = stationary(a, b, free)
    while ([...free].some((u) => wanted[u]! <= 0)) {
      const falling = [...free].filter((u) => wanted[u]! <= 0)
      const step = Math.min(...falling.map((u) => x[u]! / (x[u]! - wanted[u]!)))
      const ends = falling.filter((u) => x[u]! / (x[u]! - wanted[u]!) <= step)
      x = x.map((value, u) => value + step * (wanted[u]! - value))
      for (const u of ends) {
        free.delete(u)
        x[u] = 0
      }
      wanted = stationary(a, b, free)
      // Rounding alone let it in: it stays out, and so would all others.
      if (ends.includes(next) && step === 0) return x
    }
    x = wanted
  }
}

const dotRow = (a: Matrix, row: number, x: Float64Array): number =>
  x.reduce((sum, value, v) => sum + a.data[row * a.columns + v]! * value, 0)

const best = (places: readonly number[], values: Float64Array): number | undefined =>
  places.reduce<number | undefined>((top, u) => (top === undefined || values[u]! > values[top]! ? u : top), undefined)

/** The solution of `Ax = b` among the free variables, the others zero. */
function stationary(a: Matrix, b: Float64Array, free: ReadonlySet<number>): Float64Array {
  const places = [...free].sort((u, v) => u - v)
  const n = places.length
  const result = new Float64Array(b.length)
  if (n === 0) return result
  const part = matrix(n, n)
  places.forEach((u, i) => {
    places.forEach((v, j) => {
      part.data[i * n + j] = a.data[u * a.columns + v]!
    })
  })
  const right = matrix(
    n,
    1,
    Float64Array.from(places, (u) => b[u]!),
  )
  const solved = solveCholesky(cholesky(part), right)
  places.forEach((u, i) => {
    result[u] = solved.data[i]!
  })
  return result
}
