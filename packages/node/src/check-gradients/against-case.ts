import { gradients, type Model, type Runtime } from 'graft-learn'
import { checkFinite } from './finite.ts'
import { type Comparison, numbersOf } from './gradient-check.ts'
import { crossEntropyProblem, firstOutput } from './loss-problem.ts'
import type { GradientCase } from './read-case.ts'
import { normOf, relativeError } from './relative-error.ts'

/** What rounding leaves of a gradient that is zero, relative to the whole gradient. */
const FLOAT64_ROUNDING = 1e-12
const FLOAT32_ROUNDING = 1e-6

/**
 * Compares the gradients of a model's mean softmax cross-entropy with those of a case. A bias before a normalisation that
 * subtracts it again has no gradient (so has that of attention's keys): there both sides hold rounding alone.
 */
export async function againstCase(runtime: Runtime, model: Model, given: GradientCase): Promise<Comparison> {
  const output = await firstOutput(runtime, model, given.inputs)
  const { model: scored, inputs } = crossEntropyProblem(model, given.inputs, output, given.target)
  const parameters = [...given.gradients.keys()]
  const found = await gradients(runtime, scored, { loss: 'loss', parameters, inputs })
  checkFinite(found)
  const pairs = parameters.map((name) => {
    const { dims } = found.gradients.get(name)!
    const gradient = numbersOf(found.gradients.get(name)!)
    return { name, dims, gradient, reference: numbersOf(given.gradients.get(name)!) }
  })
  const whole = Math.hypot(...pairs.map(({ reference }) => normOf(reference)))
  return {
    loss: found.loss,
    referenceLoss: given.loss,
    errors: pairs.map(({ name, dims, gradient, reference }) => ({
      name,
      dims,
      relativeError: relativeError(gradient, reference),
      vanishes: normOf(reference) <= FLOAT64_ROUNDING * whole && normOf(gradient) <= FLOAT32_ROUNDING * whole,
    })),
  }
}
