import { broadcastDims, broadcastTo } from '../indexing.ts'
import { type Call, floatOf, input, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** A bound of Clip: an attribute before operator set 11, a scalar input from then on. */
function bound(call: Call, name: string, index: number, none: number): number {
  if (call.opset < 11) return floatOf(call, name, none)
  return call.inputs[index]?.data[0] ?? none
}

const clip: Kernel = (call) => {
  const x = input(call, 0)
  const least = bound(call, 'min', 1, -Infinity)
  const most = bound(call, 'max', 2, Infinity)
  const result = value(x.kind, x.dims)
  for (let i = 0; i < x.data.length; i++) result.data[i] = Math.min(most, Math.max(least, x.data[i]))
  return [result]
}

const where: Kernel = (call) => {
  const inputs = [0, 1, 2].map((i) => input(call, i))
  const dims = broadcastDims(...inputs.map((one) => one.dims))
  const [condition, x, y] = inputs.map((one) => broadcastTo(one, dims))
  const result = value(inputs[1].kind, dims)
  for (let i = 0; i < result.data.length; i++) result.data[i] = condition[i] !== 0 ? x[i] : y[i]
  return [result]
}

/** Choices between numbers, element by element. */
export const choosing: Kernels = {
  Clip: clip,
  Where: where,
}
