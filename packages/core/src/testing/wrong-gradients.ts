import type { Runtime } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Example } from './against-runtime.ts'
import { checkGradient } from './gradient-check.ts'

/**
 * What is wrong with the gradients of a model, in words; nothing where they agree with central differences, to 1e-6 in
 * float64 and 1e-4 as ONNX Runtime runs them.
 */
export async function wrongGradients(runtime: Runtime, example: Example, by?: readonly string[]): Promise<string[]> {
  const { exact, run } = await checkGradient(runtime, example, by === undefined ? {} : { by })
  return [
    ...(exact < 1e-6 ? [] : [`in float64 the relative error is ${exact}`]),
    ...(run < 1e-4 ? [] : [`in ONNX Runtime the relative error is ${run}`]),
  ]
}

/** The float tensor with each element that is nearer than `gap` to one of `kinks` moved to that distance above it. */
export function awayFrom<T extends Tensor>(tensor: T, kinks: readonly number[], gap = 2e-3): T {
  const data = (tensor.data as Float32Array | Float64Array).slice()
  data.forEach((x, i) => {
    const kink = kinks.find((each) => Math.abs(x - each) < gap)
    if (kink !== undefined) data[i] = kink + gap
  })
  return { ...tensor, data }
}
