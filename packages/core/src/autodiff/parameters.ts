import { type Model, upgradeModel } from '../onnx/index.ts'
import { gradientReach } from './reach.ts'
import { exposeParameters, storedParameters } from './stored-parameters.ts'

/**
 * The names of a model's parameters: float32 and float64 tensors of one dimension or more, stored in the model, that a
 * gradient of `outputs` (default: all of the model's) reaches. So the running statistics of batch normalisation, the
 * bounds of Clip and the scales of Resize are none. What PyTorch calls a buffer cannot be told from a weight where it is
 * used as one is: an attention mask that is added, a mean that is subtracted.
 *
 * Some are not initialisers in the model itself but in `exposeParameters(model)`.
 */
export function parametersOf(
  model: Model,
  outputs: Iterable<string> = model.graph.outputs.map(({ name }) => name),
): string[] {
  const reached = gradientReach(upgradeModel(exposeParameters(model)).graph, outputs)
  return [...storedParameters(model.graph).keys()].filter((name) => reached.has(name))
}
