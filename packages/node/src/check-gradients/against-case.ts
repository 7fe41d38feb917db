import { gradients, type Model, type Runtime } from 'graft-learn'
import { checkFinite } from './finite.ts'
import { type Comparison, numbersOf } from './gradient-check.ts'
import { crossEntropyProblem, firstOutput } from './loss-problem.ts'
import type { GradientCase } from './read-case.ts'
import { relativeError, vanishes } from './relative-error.ts'

/** Compares the gradients of a model's mean softmax cross-entropy with those of a case. */
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
  return {
    loss: found.loss,
    referenceLoss: given.loss,
    errors: pairs.map((pair) => ({
      name: pair.name,
      dims: pair.dims,
      relativeError: relativeError(pair.gradient, pair.reference),
      vanishes: vanishes(pair, pairs),
    })),
  }
}
