import { InvalidInputError } from '../errors.ts'
import { type LinePoint, lineSearch } from './line-search.ts'

/** An objective's value and gradient at a point. The gradient belongs to the caller from then on. */
export interface Evaluation {
  readonly value: number
  readonly gradient: Float64Array
}

/** A differentiable function of `n` variables. */
export type Objective = (point: Float64Array) => Promise<Evaluation>

export interface MinimiseOptions {
  /** How many past steps model the curvature. Default 10. */
  readonly memory?: number
  /** Done when no element of the gradient exceeds this. Default 1e-6. */
  readonly tolerance?: number
  /** Steps at most. Default 1000. */
  readonly iterations?: number
}

/** Where a minimisation ended. */
export interface Minimum extends Evaluation {
  readonly point: Float64Array
  /** The gradient's largest element, by size. */
  readonly residual: number
  readonly iterations: number
  /** Whether the residual is within the tolerance. */
  readonly converged: boolean
}

/** A step taken (`s`), the gradient's change over it (`y`) and `1 / yᵀs`. */
interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly rho: number
}

/**
 * Minimises a smooth function by limited-memory BFGS with a strong Wolfe line search. Deterministic. Ends when the
 * gradient is within the tolerance, when rounding lets nothing decrease any more, or at the limit of steps; `converged`
 * tells the first from the rest. Throws `InvalidInputError` when the objective is not finite at `start`.
 *
 * Liu and Nocedal 1989, On the Limited Memory BFGS Method for Large Scale Optimization.
 */
export async function minimise(
  objective: Objective,
  start: Float64Array,
  { memory = 10, tolerance = 1e-6, iterations = 1000 }: MinimiseOptions = {},
): Promise<Minimum> {
  let point = start.slice()
  let { value, gradient } = await objective(point)
  if (!Number.isFinite(value) || !Number.isFinite(largest(gradient))) {
    throw new InvalidInputError(`the objective is ${value} at its start: check the data for huge or missing values`)
  }
  let pairs: Pair[] = []
  let done = 0
  while (done < iterations && largest(gradient) > tolerance) {
    const direction = descentDirection(gradient, pairs)
    const slope = dot(direction, gradient)
    const evaluate = async (step: number) => {
      const at = point.map((x, i) => x + step * direction[i])
      const evaluation = await objective(at)
      return { ...evaluation, step, point: at, slope: dot(direction, evaluation.gradient) }
    }
    const origin: LinePoint = { step: 0, value, slope }
    const firstStep = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(-slope))
    const found = slope < 0 ? await lineSearch(evaluate, origin, firstStep) : undefined
    if (found === undefined) {
      if (pairs.length === 0) break
      pairs = []
      continue
    }
    const s = found.point.map((x, i) => x - point[i])
    const y = found.gradient.map((g, i) => g - gradient[i])
    const curvature = dot(s, y)
    if (curvature > Number.EPSILON * dot(y, y)) pairs = [...pairs.slice(1 - memory), { s, y, rho: 1 / curvature }]
    ;({ point, value, gradient } = found)
    done++
  }
  const residual = largest(gradient)
  return { point, value, gradient, residual, iterations: done, converged: residual <= tolerance }
}

/** `−H·g`, where `H` is the inverse Hessian that the pairs, oldest first, describe (two-loop recursion). */
function descentDirection(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((g) => -g)
  const shares = pairs.map(() => 0)
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i]
    shares[i] = rho * dot(s, direction)
    add(direction, -shares[i], y)
  }
  const last = pairs.at(-1)
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y))
    for (let i = 0; i < direction.length; i++) direction[i] *= scale
  }
  pairs.forEach(({ s, y, rho }, i) => {
    add(direction, shares[i] - rho * dot(y, direction), s)
  })
  return direction
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function add(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i]
}

/** The largest element by size; NaN where there is one. */
function largest(vector: Float64Array): number {
  let size = 0
  for (const v of vector) size = Math.max(size, Math.abs(v))
  return size
}
