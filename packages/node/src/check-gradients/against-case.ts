import { gradients, type Model, type Runtime } from 'graft-learn'
import { checkFinite } from './finite.ts'
import { type Comparison, numbersOf } from './gradient-check.ts'
import { crossEntropyProblem, firstOutput } from './loss-problem.ts'
import type { GradientCase } from './read-case.ts'
import { relativeError } from './relative-error.ts'

/** Compares the gradients of a model's mean softmax cross-entropy with those of a case. */
export async function againstCase(runtime: Runtime, model: Model, given: GradientCase): Promise<Comparison> {
  const output = await firstOutput(runtime, model, given.inputs)
  const { model: whole, inputs } = crossEntropyProblem(model, given.inputs, output, given.target)
  const parameters = [...given.gradients.keys()]
  const found = await gradients(runtime, whole, { loss: 'loss', parameters, inputs })
  checkFinite(found)
  return {
    loss: found.loss,
    referenceLoss: given.loss,
    errors: parameters.map((name) => {
      const gradient = found.gradients.get(name)!
      const error = relativeError(numbersOf(gradient), numbersOf(given.gradients.get(name)!))
      return { name, dims: gradient.dims, relativeError: error }
    }),
  }
}
