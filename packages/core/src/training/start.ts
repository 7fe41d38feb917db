import type { Specialised } from '../autodiff/index.ts'
import type { Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { averageName, stateName } from './names.ts'
import type { Optimiser } from './optimisers/index.ts'

/** The tensors that the model stores under these names. */
export const storedTensors = (graph: Specialised, names: readonly string[]): Tensors =>
  Object.fromEntries(names.map((name) => [name, graph.model.graph.initializers.get(name)!]))

/** What is kept beside the parameters, as it is before the first step: zeros, and averages equal to the weights. */
export function startingMemory(optimiser: Optimiser, parameters: Tensors, average: boolean): Tensors {
  const entries = Object.entries(parameters).flatMap(([name, weight]) => {
    const kept = optimiser.state.map((kind): [string, Tensor] => [stateName(kind, name), zerosLike(weight)])
    return average ? [...kept, [averageName(name), weight] as [string, Tensor]] : kept
  })
  return Object.fromEntries(entries)
}

const zerosLike = (tensor: Tensor): Tensor => ({
  ...tensor,
  data: tensor.type === 'float64' ? new Float64Array(tensor.data.length) : new Float32Array(tensor.data.length),
})
