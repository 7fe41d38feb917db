import { DivergedError } from '../errors.ts'
import { describeNode, type Model } from '../onnx/index.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** Whether a tensor holds a number that is infinite or none. */
export function isBroken({ type, data }: Tensor): boolean {
  if (type !== 'float32' && type !== 'float64') return false
  const numbers = data as Float32Array | Float64Array
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return true
  return false
}

/** The first of several tensors that holds such a number. */
export const firstBroken = (tensors: Tensors): string | undefined =>
  Object.keys(tensors).find((name) => isBroken(tensors[name]!))

/**
 * Finds where a step's numbers became infinite or none: in what it was given, or, by running the graph once more with
 * everything inside it as outputs, in the first node that gave such a number.
 */
export async function diagnose(
  runtime: Runtime,
  model: Model,
  given: { readonly state: Tensors; readonly batch: Tensors; readonly scalars: Tensors },
  at: { readonly step: number; readonly learningRate: number; readonly loss: number },
): Promise<DivergedError> {
  const parameter = firstBroken(given.state)
  if (parameter !== undefined)
    return new DivergedError({ ...at, tensor: parameter }, 'the update of the step before overflowed')
  const input = firstBroken(given.batch)
  if (input !== undefined)
    return new DivergedError({ ...at, tensor: input }, 'the batch itself holds it: check the data')
  const { graph } = model
  const outputs = graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== '').map((name) => ({ name })))
  const inputs = { ...given.batch, ...given.state, ...given.scalars }
  const everything = await runtime.run({ ...model, graph: { ...graph, outputs } }, inputs)
  for (const node of graph.nodes) {
    const broken = node.outputs.find((name) => name !== '' && isBroken(everything[name]!))
    if (broken !== undefined) return new DivergedError({ ...at, tensor: broken }, `${describeNode(node)} gave it`)
  }
  return new DivergedError({ ...at, tensor: 'loss' }, 'a second run of the step did not show where')
}
