import { type Interpretation, interpret, type Random, type Tensor } from 'graft-learn'
import { centralDifference, type Difference } from './central-difference.ts'
import type { DrawnProblem } from './draw-problem.ts'
import { type Comparison, numbersOf, type ParameterError } from './gradient-check.ts'
import { type ParameterProbes, planProbes } from './probe-plan.ts'
import { normOf } from './relative-error.ts'

/** Where a derivative along a direction should be, and where the differences say that it is. */
interface Probe {
  readonly derivative: number
  readonly reference: number
}

/**
 * Compares the gradients of a loss with central differences in float64, of an interpreter that knows nothing of the rules
 * of differentiation. Large networks are probed in a random order, until `limit` multiplications are spent.
 */
export async function againstDifferences(
  { model, inputs, loss, gradients, draws }: DrawnProblem,
  random: Random,
  limit: number,
  progress: (label: string, done: number, total: number) => void,
): Promise<Comparison> {
  const whole = interpret(model, inputs)
  const plan = planProbes(model, whole, [...gradients.keys()], limit, random.fork('directions'))
  const queue = inTurns(plan, random.fork('order').permutation(plan.length))
  const probes = new Map(plan.map(({ name }): [string, Probe[]] => [name, []]))
  const counts = { elements: 0, directions: 0, dropped: 0 }
  let work = 0
  for (const [done, { parameter, index }] of queue.entries()) {
    if (work > limit) break
    const { name, kind } = parameter
    const taken = probe(whole, parameter, index, numbersOf(gradients.get(name)!))
    work += taken.evaluations * parameter.work
    counts[kind] += 1
    if (taken.reference === undefined) counts.dropped += 1
    else probes.get(name)!.push({ derivative: taken.derivative, reference: taken.reference })
    progress('central differences', done + 1, queue.length)
    // Interruptions are heard in between.
    if (done % 16 === 0 || parameter.work > 1e7) await new Promise(setImmediate)
  }
  const errors = plan.flatMap((parameter) => {
    const gradient = gradients.get(parameter.name)!
    const taken = probes.get(parameter.name)!
    return taken.length === 0 ? [] : [parameterError(parameter, gradient, taken)]
  })
  return {
    loss,
    referenceLoss: whole.values.get('loss')!.data[0]!,
    errors,
    probes: { ...counts, unchecked: plan.length - errors.length, draws },
  }
}

interface Turn {
  readonly parameter: ParameterProbes
  readonly index: number
}

/** The first direction of every parameter, then the second of every one, and so on. */
function inTurns(plan: readonly ParameterProbes[], order: ArrayLike<number>): Turn[] {
  const rounds = plan.reduce((most, { directions }) => Math.max(most, directions.length), 0)
  const parameters = Array.from(order, (i) => plan[i]!)
  return Array.from({ length: rounds }, (_, index) =>
    parameters.filter(({ directions }) => index < directions.length).map((parameter) => ({ parameter, index })),
  ).flat()
}

function probe(
  whole: Interpretation,
  { name, kind, directions }: ParameterProbes,
  index: number,
  gradient: Float64Array,
): { derivative: number; reference: Difference['derivative']; evaluations: number } {
  const direction = directions[index]!
  const derivative = direction.derivative(gradient)
  const scale = normOf(gradient) / (kind === 'elements' ? Math.sqrt(gradient.length) : 1)
  const { derivative: reference, evaluations } = centralDifference(whole, name, direction, { derivative, scale })
  return { derivative, reference, evaluations }
}

/**
 * `‖g − g_ref‖ / (‖g_ref‖ + 10⁻¹²)` over the elements that were probed. From random directions `v` the norms are
 * estimated: `‖g − g_ref‖²` is the mean of `(v·g − v·g_ref)²`, and `‖g_ref‖² = ‖g‖² − 2 g·(g − g_ref) + ‖g − g_ref‖²`.
 */
function parameterError({ name, kind }: ParameterProbes, gradient: Tensor, probes: readonly Probe[]): ParameterError {
  const { dims } = gradient
  const squared = probes.reduce((sum, { derivative, reference }) => sum + (derivative - reference) ** 2, 0)
  if (kind === 'elements') {
    const norm = normOf(probes.map(({ reference }) => reference))
    return { name, dims, relativeError: Math.sqrt(squared) / (norm + 1e-12) }
  }
  const inner = probes.reduce((sum, { derivative, reference }) => sum + derivative * (derivative - reference), 0)
  const error = squared / probes.length
  const reference = Math.max(0, normOf(numbersOf(gradient)) ** 2 - (2 * inner) / probes.length + error)
  return { name, dims, relativeError: Math.sqrt(error) / (Math.sqrt(reference) + 1e-12) }
}
