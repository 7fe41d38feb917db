import { broadcastDims, broadcastTo } from '../indexing.ts'
import { type Call, floatOf, input, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'
import { mapped } from './elementwise.ts'

/** A bound of Clip: an attribute before operator set 11, a scalar input from then on. */
function bound(call: Call, name: string, index: number, none: number): number {
  if (call.opset < 11) return floatOf(call, name, none)
  return call.inputs[index]?.data[0] ?? none
}

/** Choices between numbers, element by element. */
export const choosing: Kernels = {
  Clip: (call) => {
    const least = bound(call, 'min', 1, -Infinity)
    const most = bound(call, 'max', 2, Infinity)
    return mapped(call, (x) => Math.min(most, Math.max(least, x)))
  },
  Where: (call) => {
    const inputs = [0, 1, 2].map((i) => input(call, i))
    const dims = broadcastDims(...inputs.map((one) => one.dims))
    const [condition, x, y] = inputs.map((one) => broadcastTo(one, dims))
    return [
      value(
        inputs[1].kind,
        dims,
        condition.map((holds, i) => (holds !== 0 ? x[i] : y[i])),
      ),
    ]
  },
}
