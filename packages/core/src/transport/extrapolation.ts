import { cholesky, solveCholesky } from '../linalg/index.ts'
import { matrix } from '../tensor/index.ts'

/** What is known of the last steps of a fixed-point iteration `x ← T(x)` in `m` dimensions. */
export interface Extrapolation {
  /** `m` positive weights, of the lengths that are made small. */
  readonly weights: Float64Array
  /** Differences between successive `T(x)` and between successive residuals `T(x) − x`, in no order. */
  readonly steps: Float64Array[]
  readonly changes: Float64Array[]
  /** Inner products of the changes, `MEMORY × MEMORY`. */
  readonly products: Float64Array
  /** `T(x)` and `T(x) − x` of the last step. */
  readonly reached: Float64Array
  readonly residual: Float64Array
  /** Steps since the start. */
  count: number
  /** The last error and the least one, steps since the error rose last, and since it was least. */
  error: number
  least: number
  falling: number
  waiting: number
}

/** Steps kept. */
const MEMORY = 20
/** Every so many steps one is plain: with a short memory, combinations alone come to a standstill. */
const PLAIN = 3
/** Added to the squared lengths of the changes, as a share: some are combinations of others but for rounding. */
const RIDGE = 1e-10
/** Errors above which the iteration is too far from linear for combinations. */
const FAR = 0.05
/** Steps without a smaller error after which it is taken for so, too. */
const PATIENCE = 30

/** Starts without a past. */
export const extrapolation = (weights: Float64Array): Extrapolation => ({
  weights,
  steps: [],
  changes: [],
  products: new Float64Array(MEMORY * MEMORY),
  reached: new Float64Array(weights.length),
  residual: new Float64Array(weights.length),
  count: 0,
  error: Number.POSITIVE_INFINITY,
  least: Number.POSITIVE_INFINITY,
  falling: 0,
  waiting: 0,
})

/** Forgets the past, which a jump makes misleading. */
export function forget(past: Extrapolation): void {
  past.steps.length = 0
  past.changes.length = 0
  past.count = 0
  past.falling = 0
}

/**
 * The next point after `x` and `T(x) = reached`, into `x`; `error` tells how far that is from a fixed point, 1 being far. Near
 * it, Anderson's (1965): the combination of the last points `T(x)` whose residuals, combined alike, are shortest, which is
 * GMRES without a product more where `T` is linear (Walker and Ni 2011). Far from it, momentum (Nesterov 1983) that ends where
 * the error rises (O'Donoghue and Candès 2015).
 */
export function extrapolate(past: Extrapolation, x: Float64Array, reached: Float64Array, error: number): void {
  const newest = (past.count - 1) % MEMORY
  note(past, x, reached)
  past.falling = error > past.error ? 0 : past.falling + 1
  past.waiting = error < past.least ? 0 : past.waiting + 1
  past.least = Math.min(past.least, error)
  past.error = error
  x.set(reached)
  if (past.count === 1) return
  if (error > FAR || past.waiting > PATIENCE) add(x, past.falling / (past.falling + 3), past.steps[newest])
  else if (past.count % PLAIN !== 0) combine(past, x)
}

/** Takes the step into the past, in place of the oldest one where that is full. */
function note(past: Extrapolation, x: Float64Array, to: Float64Array): void {
  const { weights, reached, residual, steps, changes, products } = past
  const place = (past.count - 1) % MEMORY
  if (past.count++ > 0) {
    steps[place] = to.map((value, j) => value - reached[j])
    changes[place] = to.map((value, j) => value - x[j] - residual[j])
    for (let p = 0; p < changes.length; p++) {
      const product = inner(weights, changes[p], changes[place])
      products[p * MEMORY + place] = product
      products[place * MEMORY + p] = product
    }
  }
  reached.set(to)
  for (let j = 0; j < x.length; j++) residual[j] = to[j] - x[j]
}

/** From the last `T(x)` to the combination. */
function combine({ weights, residual, changes, steps, products }: Extrapolation, x: Float64Array): void {
  const k = changes.length
  const lengths = changes.map((_, p) => Math.sqrt(products[p * MEMORY + p]) || 1)
  const gram = matrix(k, k)
  const projections = matrix(k, 1)
  for (let p = 0; p < k; p++) {
    for (let q = 0; q < k; q++) gram.data[p * k + q] = products[p * MEMORY + q] / (lengths[p] * lengths[q])
    gram.data[p * (k + 1)] += RIDGE
    projections.data[p] = inner(weights, changes[p], residual) / lengths[p]
  }
  const { data: shares } = solveCholesky(cholesky(gram), projections)
  for (let p = 0; p < k; p++) add(x, -shares[p] / lengths[p], steps[p])
}

function add(x: Float64Array, factor: number, y: Float64Array): void {
  for (let j = 0; j < x.length; j++) x[j] += factor * y[j]
}

function inner(weights: Float64Array, x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let j = 0; j < x.length; j++) sum += weights[j] * x[j] * y[j]
  return sum
}
