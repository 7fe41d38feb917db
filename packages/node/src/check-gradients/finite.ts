import type { Tensor } from 'graft-learn'

/** Throws where a loss or a gradient is NaN or infinite. */
export function checkFinite(found: { readonly loss: number; readonly gradients: ReadonlyMap<string, Tensor> }): void {
  if (!Number.isFinite(found.loss)) {
    throw new Error(`the loss is ${found.loss}: the model's output is too large, or not a number`)
  }
  for (const [name, { data }] of found.gradients) {
    const odd = (data as Float32Array).find((value) => !Number.isFinite(value))
    if (odd !== undefined) throw new Error(`the gradient by "${name}" holds ${odd}, although the loss is ${found.loss}`)
  }
}
