import type { Matrix } from '../tensor/index.ts'
import { exponential } from './exponential.ts'

/**
 * The state of Sinkhorn's iterations: the plan is `diag(u) K diag(v)` with `Kᵢⱼ = aᵢ bⱼ exp((fᵢ + gⱼ − cᵢⱼ)/ε)`. The
 * potentials `f` and `g` absorb the scalings before these leave the range of float64 (Schmitzer 2019), so that the products
 * stay products of a matrix and a vector, and no regularisation is too small.
 */
export interface Scaling {
  readonly cost: Matrix
  /** The least cost of each row. */
  readonly rowLeast: Float64Array
  /** `n` and `m` positive masses. */
  readonly a: Float64Array
  readonly b: Float64Array
  /** How far a step goes towards the marginals: `ρ/(ρ + ε)`, 1 where they are exact. */
  readonly rowPower: number
  readonly columnPower: number
  readonly regularisation: number
  readonly f: Float64Array
  readonly g: Float64Array
  /** `K`, `n × m`. */
  readonly kernel: Float64Array
  readonly u: Float64Array
  readonly logV: Float64Array
  readonly v: Float64Array
  /** `Kᵀu`. */
  readonly columnSums: Float64Array
}

/** Scalings beyond `e^±LARGE` are absorbed. What a kernel's entry loses to underflow is then below `e^(2 LARGE − 700)`. */
const LARGE = 100
const LARGEST = Math.exp(LARGE)
/** Offsets that differ by less need no look for the largest entry of a row: the first bound will do. */
const ALIKE = 50
/** Sums below this one may have lost digits to underflow. */
const TINY = 1e-250

/**
 * The kernel for `g` and `fᵢ = −power · ε topᵢ`, and a step of the rows. `topᵢ` is about `maxⱼ (log bⱼ + (gⱼ − cᵢⱼ)/ε)`, which
 * keeps that step in the range.
 */
export function rebuildKernel(state: Scaling): void {
  const { cost, rowLeast, a, b, f, g, kernel, regularisation: epsilon, rowPower } = state
  const { rows: n, columns: m, data: c } = cost
  const offsets = Float64Array.from(g, (value, j) => value / epsilon + Math.log(b[j]))
  const largest = offsets.reduce((most, value) => Math.max(most, value))
  const alike = offsets.every((value) => value > largest - ALIKE)
  const inverse = 1 / epsilon
  for (let i = 0; i < n; i++) {
    const row = i * m
    const top = alike ? largest - rowLeast[i] * inverse : largestIn(offsets, c, row, inverse)
    f[i] = -rowPower * top * epsilon
    exponentials(kernel, offsets, c, row, inverse, top, a[i] * Math.exp((1 - rowPower) * top))
  }
  state.u.fill(1)
  state.logV.fill(0)
  rowStep(state)
}

/** A row of the kernel. A function for each row is called often enough to be compiled well in the first problem. */
function exponentials(
  kernel: Float64Array,
  offsets: Float64Array,
  costs: Float64Array,
  row: number,
  inverse: number,
  top: number,
  factor: number,
): void {
  for (let j = 0; j < offsets.length; j++) {
    kernel[row + j] = exponential(offsets[j] - costs[row + j] * inverse - top) * factor
  }
}

function largestIn(offsets: Float64Array, costs: Float64Array, row: number, inverse: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let j = 0; j < offsets.length; j++) {
    const value = offsets[j] - costs[row + j] * inverse
    if (value > largest) largest = value
  }
  return largest
}

/**
 * The step of the rows for `v`, `u = (a / Kv)^power e^(−(1 − power) f/ε)`, and `Kᵀu` on the same way through the kernel. False
 * where it leaves the range, and `u` is then of no use.
 */
export function rowStep(state: Scaling): boolean {
  const { u, logV, v, columnSums } = state
  for (let j = 0; j < v.length; j++) v[j] = Math.exp(logV[j])
  columnSums.fill(0)
  let i = 0
  for (; i + 8 <= u.length; i += 8) stepEight(state, i)
  for (; i < u.length; i++) stepOne(state, i)
  return u.every((value) => value < LARGEST && value > 1 / LARGEST)
}

/** Eight rows from `i` on, so that `v` and the column sums are read once for all. */
function stepEight(state: Scaling, i: number): void {
  const { kernel: k, v, columnSums } = state
  const m = v.length
  const [m2, m3, m4, m5, m6, m7] = [2 * m, 3 * m, 4 * m, 5 * m, 6 * m, 7 * m]
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let s4 = 0
  let s5 = 0
  let s6 = 0
  let s7 = 0
  for (let j = 0, e = i * m; j < m; j++, e++) {
    const value = v[j]
    s0 += k[e] * value
    s1 += k[e + m] * value
    s2 += k[e + m2] * value
    s3 += k[e + m3] * value
    s4 += k[e + m4] * value
    s5 += k[e + m5] * value
    s6 += k[e + m6] * value
    s7 += k[e + m7] * value
  }
  const u0 = scaleRow(state, i, s0)
  const u1 = scaleRow(state, i + 1, s1)
  const u2 = scaleRow(state, i + 2, s2)
  const u3 = scaleRow(state, i + 3, s3)
  const u4 = scaleRow(state, i + 4, s4)
  const u5 = scaleRow(state, i + 5, s5)
  const u6 = scaleRow(state, i + 6, s6)
  const u7 = scaleRow(state, i + 7, s7)
  for (let j = 0, e = i * m; j < m; j++, e++) {
    const first = k[e] * u0 + k[e + m] * u1 + (k[e + m2] * u2 + k[e + m3] * u3)
    columnSums[j] += first + (k[e + m4] * u4 + k[e + m5] * u5 + (k[e + m6] * u6 + k[e + m7] * u7))
  }
}

function stepOne(state: Scaling, i: number): void {
  const { kernel, v, columnSums } = state
  const row = i * v.length
  let sum = 0
  for (let j = 0; j < v.length; j++) sum += kernel[row + j] * v[j]
  const value = scaleRow(state, i, sum)
  for (let j = 0; j < v.length; j++) columnSums[j] += kernel[row + j] * value
}

function scaleRow({ a, f, u, rowPower, regularisation }: Scaling, i: number, sum: number): number {
  if (rowPower === 1) u[i] = a[i] / sum
  else if (!(sum < TINY && isLost(a[i], f[i], rowPower, regularisation))) {
    u[i] = Math.exp(rowPower * Math.log(a[i] / sum) - ((1 - rowPower) * f[i]) / regularisation)
  }
  return u[i]
}

/** Where a step of the columns would take `logV`, into `goals`; gives how much mass it would move. */
export function columnGoals(state: Scaling, goals: Float64Array): number {
  const { v, columnSums } = state
  let change = 0
  for (let j = 0; j < v.length; j++) {
    const goal = columnGoal(state, j)
    goals[j] = goal
    // A column that nothing reaches yet has all of its way to go.
    if (columnSums[j] > 0) change += Math.abs(Math.exp(goal) - v[j]) * columnSums[j]
    else if (goal === Number.POSITIVE_INFINITY) change = goal
  }
  return change
}

function columnGoal({ b, g, logV, columnPower, columnSums, regularisation }: Scaling, j: number): number {
  if (columnSums[j] < TINY && isLost(b[j], g[j], columnPower, regularisation)) return logV[j]
  return columnPower * Math.log(b[j] / columnSums[j]) - ((1 - columnPower) * g[j]) / regularisation
}

/**
 * Whether a row or column is so far from all others that the optimal plan gives it less mass than float64 can hold,
 * `mass · e^(−potential/ρ)`: it then takes part no longer. Never where its marginal is exact.
 */
const isLost = (mass: number, potential: number, power: number, epsilon: number): boolean =>
  Math.log(mass) - ((1 - power) * potential) / (power * epsilon) < Math.log(TINY)

/** Whether all scalings of these logarithms are in the range. */
export const areInRange = (logarithms: Float64Array): boolean => logarithms.every((value) => Math.abs(value) < LARGE)

/** Takes the scalings of the columns into `g`, those beyond float64 by logarithms, and makes the kernel anew. */
export function absorb(state: Scaling): void {
  const { cost, a, f, g, u, logV, columnPower, regularisation: epsilon } = state
  let offsets: Float64Array | undefined
  for (let j = 0; j < g.length; j++) {
    if (Math.abs(logV[j]) < 700) {
      g[j] += epsilon * logV[j]
    } else {
      offsets ??= f.map((value, i) => Math.log(a[i] * u[i]) + value / epsilon)
      g[j] = columnPower * softMinimum(offsets, cost.data, j, cost.columns, epsilon)
    }
  }
  rebuildKernel(state)
}

/** `−ε log Σₖ exp(offsetsₖ − cₖ/ε)` over the costs at `start`, `start + stride` and so on. */
export function softMinimum(
  offsets: Float64Array,
  costs: Float64Array,
  start: number,
  stride: number,
  epsilon: number,
): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let k = 0, e = start; k < offsets.length; k++, e += stride) {
    largest = Math.max(largest, offsets[k] - costs[e] / epsilon)
  }
  let sum = 0
  for (let k = 0, e = start; k < offsets.length; k++, e += stride) {
    sum += Math.exp(offsets[k] - costs[e] / epsilon - largest)
  }
  return -epsilon * (largest + Math.log(sum))
}
