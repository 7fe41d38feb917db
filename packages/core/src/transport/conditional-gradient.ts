import { type Matrix, matrix, toDense } from '../tensor/index.ts'
import type { EntropicPlan } from './entropic.ts'
import { exactTransport } from './exact.ts'
import type { Potentials, TransportBasis } from './optimum.ts'
import { sinkhornPlan } from './sinkhorn.ts'

/** A term `f(γ)` of the objective, differentiable where plans are. */
export interface PlanTerm {
  readonly value: (plan: Matrix) => number | Promise<number>
  /** `∇f`, `n × m`; a new matrix at every call. */
  readonly gradient: (plan: Matrix) => Matrix | Promise<Matrix>
  /** Where `f` is quadratic, the factor of `t²` in `f(γ + t·direction)`: steps are then exact. */
  readonly curvature?: (direction: Matrix) => number | Promise<number>
}

/** How a regularised problem is solved. */
export interface ConditionalGradientOptions {
  /** `η`, the weight of the term. */
  readonly weight: number
  /** `ε >= 0`, the weight of `Σ γ log γ`, in the units of the cost; 0: without, by exact plans. */
  readonly regularisation: number
  /** Steps at most. */
  readonly iterations: number
  /** Ends where the objective is known to be within this share of its optimum (by the duality gap). Default 1e-9. */
  readonly tolerance?: number
  /** Limits of Sinkhorn's iterations in each step. */
  readonly inner?: { readonly tolerance?: number; readonly iterations?: number }
  /** The plan to start from, with the right marginals; by default the plan without the term. */
  readonly start?: Matrix
  /** Called after every step; may throw to stop. */
  readonly onStep?: (step: number) => void
}

/** A plan and how it was reached. */
export interface RegularisedPlan {
  /** `n × m`. */
  readonly plan: Matrix
  /** The objective at the start and after every step; it never rises. */
  readonly objectives: readonly number[]
  /** What the objective is above its optimum at most, where the term is convex. */
  readonly gap: number
}

/**
 * Minimises `⟨γ, c⟩ + ε Σ γ log γ + η f(γ)` over the plans with marginals `a` and `b` by the generalised conditional gradient
 * (Rakotomamonjy, Flamary and Courty 2015; Courty 2017, algorithm 1): the term alone is made linear, the problem that is left
 * is entropic (`ε > 0`) or exact transport, and a step goes towards its plan as far as the objective falls. Memory: five
 * matrices of `n × m`.
 */
export async function conditionalGradient(
  cost: Matrix,
  a: Float64Array,
  b: Float64Array,
  term: PlanTerm,
  options: ConditionalGradientOptions,
): Promise<RegularisedPlan> {
  const { weight, regularisation: epsilon, iterations, tolerance = 1e-9, onStep } = options
  const solve = innerSolver(a, b, options)
  const objective = async (plan: Matrix, entropy: number) =>
    product(plan, cost) + epsilon * entropy + weight * (await term.value(plan))
  const first = options.start === undefined ? solve(cost) : copyOf(options.start, epsilon)
  const { plan } = first
  let entropy = first.entropy
  const trial = matrix(cost.rows, cost.columns)
  let value = await objective(plan, entropy)
  const objectives = [value]
  let gap = Number.POSITIVE_INFINITY
  for (let step = 1; step <= iterations; step++) {
    const linear = await term.gradient(plan)
    for (let e = 0; e < linear.data.length; e++) linear.data[e] = cost.data[e] + weight * linear.data[e]
    const goal = solve(linear)
    const direction = goal.plan
    for (let e = 0; e < plan.data.length; e++) direction.data[e] -= plan.data[e]
    const slope = product(linear, direction)
    gap = epsilon * (entropy - goal.entropy) - slope
    if (gap <= tolerance * Math.abs(value)) break
    const next = await descend(direction, goal.entropy, await firstStep(slope, plan, direction, term, options))
    if (next === undefined) break
    value = next
    objectives.push(value)
    onStep?.(step)
  }
  return { plan, objectives, gap: Math.max(0, gap) }

  /** Shortens the step until the objective falls; moves the plan there. `last`: the entropy term at the end of the direction. */
  async function descend(
    direction: Matrix,
    last: number,
    { slope, size }: { slope: number; size: number },
  ): Promise<number | undefined> {
    for (let t = size; t > 1e-10; ) {
      for (let e = 0; e < trial.data.length; e++) trial.data[e] = Math.max(0, plan.data[e] + t * direction.data[e])
      const reached = epsilon === 0 || t === 1 ? last : entropyTerm(trial)
      const after = await objective(trial, reached)
      if (after <= value + 1e-4 * t * Math.min(0, slope) && after < value) {
        plan.data.set(trial.data)
        entropy = reached
        return after
      }
      // The least point of the parabola through what is known, within limits.
      const vertex = (-slope * t * t) / (2 * (after - value - slope * t))
      t = vertex >= t / 10 && vertex <= t / 2 ? vertex : t / 2
    }
    return undefined
  }
}

/** The slope along the direction, given that of the linear part, and the step to try first: the best one where the objective is quadratic, else a whole one. */
async function firstStep(
  slope: number,
  plan: Matrix,
  direction: Matrix,
  term: PlanTerm,
  { weight, regularisation: epsilon }: ConditionalGradientOptions,
): Promise<{ slope: number; size: number }> {
  if (epsilon > 0) {
    let sum = 0
    for (let e = 0; e < plan.data.length; e++) {
      if (direction.data[e] !== 0) sum += direction.data[e] * (1 + Math.log(Math.max(plan.data[e], 1e-300)))
    }
    return { slope: slope + epsilon * sum, size: 1 }
  }
  if (term.curvature === undefined) return { slope, size: 1 }
  const curvature = weight * (await term.curvature(direction))
  return { slope, size: curvature > 0 ? Math.min(1, -slope / (2 * curvature)) : 1 }
}

/** A plan with its `Σ γ log γ`, 0 where nothing asks for it. */
interface PlanWithEntropy {
  readonly plan: Matrix
  readonly entropy: number
}

const copyOf = ({ rows, columns, data }: Matrix, epsilon: number): PlanWithEntropy => {
  const plan = matrix(rows, columns, data.slice())
  return { plan, entropy: epsilon > 0 ? entropyTerm(plan) : 0 }
}

/** Solves for a linear cost, each time from where the last one ended. */
function innerSolver(
  a: Float64Array,
  b: Float64Array,
  { regularisation, inner }: ConditionalGradientOptions,
): (cost: Matrix) => PlanWithEntropy {
  let basis: TransportBasis | undefined
  let potentials: Potentials | undefined
  return (cost) => {
    if (regularisation > 0) {
      const result = sinkhornPlan(cost, a, b, { ...inner, regularisation, start: potentials })
      potentials = result.potentials
      return { plan: result.plan, entropy: entropyOf(result, cost, a, b) }
    }
    const result = exactTransport(cost, a, b, { start: basis })
    basis = result.basis
    return { plan: toDense(result.plan), entropy: 0 }
  }
}

/** `Σ γ log γ` of an entropic plan, whose logarithms its potentials give. */
function entropyOf(
  { plan, potentials, regularisation }: EntropicPlan,
  cost: Matrix,
  a: Float64Array,
  b: Float64Array,
): number {
  const logarithms = (masses: Float64Array, potential: Float64Array) =>
    masses.map((mass, i) => (mass > 0 ? Math.log(mass) + potential[i] / regularisation : 0))
  const [rows, columns] = [logarithms(a, potentials.source), logarithms(b, potentials.target)]
  let sum = 0
  for (let i = 0, e = 0; i < plan.rows; i++) {
    for (let j = 0; j < plan.columns; j++, e++) {
      sum += plan.data[e] * (rows[i] + columns[j] - cost.data[e] / regularisation)
    }
  }
  return sum
}

/** `⟨A, B⟩`. */
export function product(a: Matrix, b: Matrix): number {
  let sum = 0
  for (let e = 0; e < a.data.length; e++) sum += a.data[e] * b.data[e]
  return sum
}

/** `Σ γ log γ`. */
export function entropyTerm({ data }: Matrix): number {
  let sum = 0
  for (let e = 0; e < data.length; e++) if (data[e] > 0) sum += data[e] * Math.log(data[e])
  return sum
}
