import { aroundAxis, normaliseAxis } from '../indexing.ts'
import { floatOf, input, intOf, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** Normalisation of a number by those beside it along one axis. */
export const localNormalisation: Kernels = {
  LRN: (call) => {
    const x = input(call, 0)
    const size = intOf(call, 'size', 1)
    const [alpha, beta, offset] = [floatOf(call, 'alpha', 1e-4), floatOf(call, 'beta', 0.75), floatOf(call, 'bias', 1)]
    const below = Math.floor((size - 1) / 2)
    const above = Math.ceil((size - 1) / 2)
    const { outer, length: channels, inner } = aroundAxis(x.dims, 1)
    const result = value(x.kind, x.dims)
    for (let n = 0; n < outer; n++) {
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < inner; i++) {
          let squares = 0
          for (let near = Math.max(0, c - below); near <= Math.min(channels - 1, c + above); near++) {
            squares += x.data[(n * channels + near) * inner + i] ** 2
          }
          const at = (n * channels + c) * inner + i
          result.data[at] = x.data[at] / (offset + (alpha / size) * squares) ** beta
        }
      }
    }
    return [result]
  },

  LpNormalization: (call) => {
    const x = input(call, 0)
    const p = intOf(call, 'p', 2)
    const { outer, length, inner } = aroundAxis(x.dims, normaliseAxis(intOf(call, 'axis', -1), x.dims.length))
    const result = value(x.kind, x.dims)
    for (let n = 0; n < outer; n++) {
      for (let i = 0; i < inner; i++) {
        const start = n * length * inner + i
        const end = start + length * inner
        let sum = 0
        for (let at = start; at < end; at += inner) sum += Math.abs(x.data[at]) ** p
        const norm = sum ** (1 / p)
        for (let at = start; at < end; at += inner) result.data[at] = norm === 0 ? 0 : x.data[at] / norm
      }
    }
    return [result]
  },
}
