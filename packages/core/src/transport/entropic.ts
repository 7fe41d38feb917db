import { InvalidInputError } from '../errors.ts'
import { type Matrix, matrix, rowOf } from '../tensor/index.ts'
import { type CostExtremes, costExtremes } from './cost-extremes.ts'
import { extrapolate, extrapolation, forget } from './extrapolation.ts'
import type { Potentials } from './optimum.ts'
import { absorb, areInRange, columnGoals, rebuildKernel, rowStep, type Scaling, softMinimum } from './scaling.ts'
import { positive, spread, subMatrix, taken } from './support.ts'

/** How an entropic problem is solved. */
export interface EntropicOptions {
  /** `ε > 0`, in the units of the cost. Below 1e-12 of what costs differ by, that is what is taken. */
  readonly regularisation: number
  /** Mass on the wrong place (`ℓ₁` distance from the marginals) at which iterations end, as a share of all. Default 1e-9. */
  readonly tolerance?: number
  /** Iterations at most, besides the few for larger regularisations; default 1000. Each is one pass over the kernel. */
  readonly iterations?: number
  /** Potentials to start from, such as those of a similar problem. */
  readonly start?: Potentials | undefined
}

/** A plan and how well it is known. */
export interface EntropicPlan {
  /** `n × m`. */
  readonly plan: Matrix
  /** `f` and `g` of `γᵢⱼ = aᵢ bⱼ exp((fᵢ + gⱼ − cᵢⱼ)/ε)`, in the units of the cost. */
  readonly potentials: Potentials
  /** The `ε` of these: what was asked for, or the least that float64 has room for. */
  readonly regularisation: number
  readonly iterations: number
  /** Mass that one more step would move, as a share of all; above the tolerance where the iterations ran out. */
  readonly error: number
}

/** Regularisations above this share of the largest difference of costs need no larger ones before them. */
const DIRECT = 0.005
/** Below this share of it `ε` is too fine for float64, which then tells potentials from one another by steps of `ε/8000`. */
const FINEST = 2 ** -40
/** From one regularisation to the next, and how exactly those before the last are solved. */
const FACTOR = 4
const ROUGH = { tolerance: 1e-3, iterations: 100 }

/**
 * Minimises `⟨γ, c⟩ + ε KL(γ | abᵀ)` with marginals that are `a` and `b` (penalty `∞`) or near them (`ρ KL(γ1 | a)`). The
 * marginals are checked by the caller.
 */
export function entropicPlan(
  cost: Matrix,
  a: Float64Array,
  b: Float64Array,
  penalties: { readonly source: number; readonly target: number },
  { regularisation, tolerance = 1e-9, iterations = 1000, start }: EntropicOptions,
): EntropicPlan {
  if (!(regularisation > 0 && regularisation < Number.POSITIVE_INFINITY)) {
    throw new InvalidInputError(`the regularisation has to be positive and finite, got ${regularisation}`)
  }
  const [rows, columns] = [positive(a), positive(b)]
  const kept = subMatrix(cost, rows, columns)
  const extremes = costExtremes(kept)
  const kernel = new Float64Array(kept.data.length)
  const g = start === undefined ? new Float64Array(columns.length) : taken(start.target, columns)
  const last = Math.max(regularisation, FINEST * (extremes.largest - extremes.least))
  const stages = start === undefined ? regularisations(extremes, last) : [last]
  let done = 0
  let error = 0
  let state: Scaling | undefined
  for (const [stage, epsilon] of stages.entries()) {
    state = scaling(kept, extremes.rowLeast, taken(a, rows), taken(b, columns), penalties, epsilon, kernel, g)
    const limits = stage + 1 < stages.length ? ROUGH : { tolerance, iterations }
    const result = iterate(state, limits.tolerance, limits.iterations)
    done += result.iterations
    error = result.error
  }
  const plan = spread(planOf(state!), rows, columns, cost)
  const potentials = potentialsOf(state!, cost, rows, columns)
  return { plan, potentials, regularisation: last, iterations: done, error }
}

const scaling = (
  cost: Matrix,
  rowLeast: Float64Array,
  a: Float64Array,
  b: Float64Array,
  penalties: { readonly source: number; readonly target: number },
  regularisation: number,
  kernel: Float64Array,
  g: Float64Array,
): Scaling => ({
  cost,
  rowLeast,
  a,
  b,
  rowPower: power(penalties.source, regularisation),
  columnPower: power(penalties.target, regularisation),
  regularisation,
  f: new Float64Array(a.length),
  g,
  kernel,
  u: new Float64Array(a.length),
  logV: new Float64Array(b.length),
  v: new Float64Array(b.length),
  columnSums: new Float64Array(b.length),
})

const power = (penalty: number, epsilon: number): number =>
  penalty === Number.POSITIVE_INFINITY ? 1 : penalty / (penalty + epsilon)

/** A falling sequence that ends at the wanted regularisation (ε-scaling): small ones converge slowly from far away. */
function regularisations({ least, largest }: CostExtremes, last: number): number[] {
  const result = [last]
  while (result[0] < DIRECT * (largest - least)) result.unshift(result[0] * FACTOR)
  return result
}

/**
 * Steps of rows and columns, the columns' extrapolated, until a plain one of theirs would move less than `tolerance` of the
 * mass. The rows' step is the last one.
 */
function iterate(state: Scaling, tolerance: number, limit: number): { iterations: number; error: number } {
  const { b, g, logV } = state
  const mass = state.a.reduce((sum, value) => sum + value, 0)
  const goals = new Float64Array(b.length)
  const past = extrapolation(b)
  rebuildKernel(state)
  for (let iterations = 1; ; iterations++) {
    const error = columnGoals(state, goals) / mass
    if (error <= tolerance || iterations >= limit) {
      for (let j = 0; j < g.length; j++) g[j] += state.regularisation * logV[j]
      return { iterations, error }
    }
    if (areInRange(goals)) extrapolate(past, logV, goals, error)
    else logV.set(goals)
    if (areInRange(logV) && rowStep(state)) continue
    absorb(state)
    forget(past)
  }
}

/** `diag(u) K diag(v)`, in the kernel's memory. */
function planOf({ kernel, u, v }: Scaling): Matrix {
  for (let i = 0; i < u.length; i++) scalePlanRow(kernel, i * v.length, u[i], v)
  return matrix(u.length, v.length, kernel)
}

function scalePlanRow(kernel: Float64Array, row: number, factor: number, v: Float64Array): void {
  for (let j = 0; j < v.length; j++) kernel[row + j] *= factor * v[j]
}

/** Those of rows and columns without mass are what a step of theirs would give. */
function potentialsOf(state: Scaling, cost: Matrix, rows: Int32Array, columns: Int32Array): Potentials {
  const { a, b, f, g, u, rowPower, columnPower, regularisation: epsilon } = state
  const reached = f.map((value, i) => value + epsilon * Math.log(u[i]))
  const source = new Float64Array(cost.rows)
  const target = new Float64Array(cost.columns)
  const fromColumns = g.map((value, j) => Math.log(b[j]) + value / epsilon)
  const fromRows = reached.map((value, i) => Math.log(a[i]) + value / epsilon)
  for (let i = 0, k = 0; i < cost.rows; i++) {
    if (rows[k] === i) source[i] = reached[k++]
    else source[i] = rowPower * softMinimum(fromColumns, taken(rowOf(cost, i), columns), 0, 1, epsilon)
  }
  for (let j = 0, k = 0; j < cost.columns; j++) {
    if (columns[k] === j) {
      target[j] = g[k++]
    } else {
      const costs = Float64Array.from(rows, (i) => cost.data[i * cost.columns + j])
      target[j] = columnPower * softMinimum(fromRows, costs, 0, 1, epsilon)
    }
  }
  return { source, target }
}
