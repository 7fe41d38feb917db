import { matrixOperator, multiply, type Operator, scatter } from '../../../linalg/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { type Matrix, matrix, sliceRows } from '../../../tensor/index.ts'
import type { KernelSpace } from '../kernel-space.ts'
import { classScatter } from './class-scatter.ts'
import { whitening } from './whitening.ts'

/** The weights of JGSA's terms, all positive. */
export interface CoupledWeights {
  /** `λ` of `‖A − B‖²`. */
  readonly divergence: number
  /** `μ` of the target's variance. */
  readonly variance: number
  /** `β` of the source's scatter between and within classes. */
  readonly discrimination: number
  /** Where the target's variance is measured from: its own mean (the default), or 0. */
  readonly origin?: 'mean' | 'zero'
}

/** A map of each domain into the common space, `d × k` each. */
export interface CoupledMaps {
  readonly source: Matrix
  readonly target: Matrix
}

/** The space in which two coupled projections are one set of vectors. */
export interface CoupledSpace extends Pick<KernelSpace, 'size' | 'image' | 'scatter'> {
  /** `A` and `B` (`d × k` each) of vectors (`2d × k`). */
  readonly projections: (vectors: Matrix) => Promise<CoupledMaps>
}

/**
 * Zhang 2017, eq. 12, without the discrepancy: with `W = [B; A]`, maximise `diag(μS_t, βS_b)` relative to
 * `D = [(λ + μ)I, −λI; −λI, λI + βS_w]`. `D = LLᵀ` by blocks, `L = [√s I, 0; −λ/√s I, R⁻ᵀ]` with `s = λ + μ` and
 * `Rᵀ(λμ/s I + βS_w)R = I`. In `V = LᵀW` the problem is symmetric, its denominator `I`, and nothing changes between rounds but
 * the discrepancy, which has few columns. `source` and `target` are `n_s × d` and `n_t × d`.
 */
export async function coupledSpace(
  runtime: Runtime,
  source: Matrix,
  target: Matrix,
  labels: Int32Array,
  classes: number,
  { divergence, variance, discrimination, origin = 'mean' }: CoupledWeights,
): Promise<CoupledSpace> {
  const d = source.columns
  const s = divergence + variance
  const { within, between } = await classScatter(runtime, source, labels, classes)
  const least = (divergence * variance) / s
  const denominator = matrix(
    d,
    d,
    within.data.map((value, i) => discrimination * value + (i % (d + 1) === 0 ? least : 0)),
  )
  const r = await whitening(runtime, denominator, least)
  const products =
    origin === 'mean' ? (await scatter(runtime, target)).products : await multiply(runtime, target, target, { a: true })
  return {
    size: 2 * d,
    scatter: await scatterOf(runtime, products, between, r, { divergence, variance, discrimination }),
    image: async (coefficients) => {
      const p = await multiply(runtime, target, sliceRows(coefficients, source.rows, coefficients.rows), { a: true })
      const q = await multiply(runtime, source, sliceRows(coefficients, 0, source.rows), { a: true })
      const lower = await multiply(runtime, r, sum(q, p, divergence / s), { a: true })
      return stacked(times(p, 1 / Math.sqrt(s)), lower)
    },
    projections: async (vectors) => {
      const a = await multiply(runtime, r, sliceRows(vectors, d, 2 * d))
      const b = sum(times(sliceRows(vectors, 0, d), 1 / Math.sqrt(s)), a, divergence / s)
      return { source: a, target: b }
    },
  }
}

/** `L⁻¹ diag(μS_t, βS_b) L⁻ᵀ`. */
async function scatterOf(
  runtime: Runtime,
  target: Matrix,
  between: Matrix,
  r: Matrix,
  { divergence, variance, discrimination }: CoupledWeights,
): Promise<Operator> {
  const d = target.rows
  const s = divergence + variance
  const side = await multiply(runtime, target, r)
  const low = await multiply(runtime, r, side, { a: true })
  const classes = await multiply(runtime, r, between, { a: true })
  const discriminating = await multiply(runtime, classes, classes, { b: true })
  const result = matrix(2 * d, 2 * d)
  const [upper, across, lower] = [
    variance / s,
    (variance * divergence) / s ** 1.5,
    (variance * divergence ** 2) / s ** 2,
  ]
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const [at, beside] = [i * d + j, across * side.data[i * d + j]!]
      result.data[i * 2 * d + j] = upper * target.data[at]!
      result.data[i * 2 * d + d + j] = beside
      result.data[(d + j) * 2 * d + i] = beside
      result.data[(d + i) * 2 * d + d + j] = lower * low.data[at]! + discrimination * discriminating.data[at]!
    }
  }
  return matrixOperator(result)
}

const times = (a: Matrix, factor: number): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((value) => factor * value),
  )

/** `A + factor · B`. */
const sum = (a: Matrix, b: Matrix, factor: number): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.data.map((value, i) => value + factor * b.data[i]!),
  )

function stacked(upper: Matrix, lower: Matrix): Matrix {
  const result = matrix(upper.rows + lower.rows, upper.columns)
  result.data.set(upper.data)
  result.data.set(lower.data, upper.data.length)
  return result
}
