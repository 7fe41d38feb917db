import type { Specialised } from '../autodiff/index.ts'
import type { Tensors } from '../runtime/index.ts'
import { type ElementType, sizeOf, type Tensor } from '../tensor/index.ts'
import { averageName, stateName } from './names.ts'
import type { Optimiser } from './optimisers/index.ts'
import type { Pack } from './packs.ts'

/** The tensors that the model stores under these names. */
export const storedTensors = (graph: Specialised, names: readonly string[]): Tensors =>
  Object.fromEntries(names.map((name) => [name, graph.model.graph.initializers.get(name)!]))

/** What is kept beside the parameters, as it is before the first step: zeros, and averages equal to the weights. */
export function startingMemory(
  optimiser: Optimiser,
  packs: readonly Pack[],
  parameters: Tensors,
  average: boolean,
): Tensors {
  const kept = packs.flatMap(({ name, dims, members }) =>
    optimiser.state.map((kind): [string, Tensor] => [stateName(kind, name), zeros(members[0]!.type, dims)]),
  )
  const averages = Object.entries(parameters).map(([name, weight]): [string, Tensor] => [averageName(name), weight])
  return Object.fromEntries(average ? [...kept, ...averages] : kept)
}

const zeros = (type: ElementType, dims: readonly number[]): Tensor =>
  type === 'float64'
    ? { type, dims, data: new Float64Array(sizeOf(dims)) }
    : { type: 'float32', dims, data: new Float32Array(sizeOf(dims)) }
