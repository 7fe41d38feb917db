import { aroundAxis, normaliseAxis } from '../indexing.ts'
import { input, intOf, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** Where along an axis the extreme of `sign · x` lies: the first such place, or the last one. */
const placeOf =
  (sign: 1 | -1): Kernel =>
  (call) => {
    const x = input(call, 0)
    const axis = normaliseAxis(intOf(call, 'axis', 0), x.dims.length)
    const last = intOf(call, 'select_last_index', 0) === 1
    const { outer, length, inner } = aroundAxis(x.dims, axis)
    const rest = intOf(call, 'keepdims', 1) === 1 ? [1] : []
    const result = value('int', [...x.dims.slice(0, axis), ...rest, ...x.dims.slice(axis + 1)])
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i
        let best = 0
        for (let k = 1; k < length; k++) {
          const gain = sign * (x.data[start + k * inner] - x.data[start + best * inner])
          if (gain > 0 || (last && gain === 0)) best = k
        }
        result.data[o * inner + i] = best
      }
    }
    return [result]
  }

/** The `k` largest or smallest numbers along an axis with their places, in order; of equal ones the first come first. */
const topK: Kernel = (call) => {
  const x = input(call, 0)
  const axis = normaliseAxis(intOf(call, 'axis', -1), x.dims.length)
  const k = call.opset < 10 ? intOf(call, 'k', 0) : input(call, 1).data[0]
  const sign = intOf(call, 'largest', 1) === 1 ? -1 : 1
  const { outer, length, inner } = aroundAxis(x.dims, axis)
  const dims = x.dims.map((dim, a) => (a === axis ? k : dim))
  const [values, places] = [value(x.kind, dims), value('int', dims)]
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * length * inner + i
      const at = (place: number): number => x.data[start + place * inner]
      const order = Array.from({ length }, (_, place) => place).sort((a, b) => sign * (at(a) - at(b)))
      for (let j = 0; j < k; j++) {
        values.data[(o * k + j) * inner + i] = at(order[j])
        places.data[(o * k + j) * inner + i] = order[j]
      }
    }
  }
  return [values, places]
}

/** Places of extremes. */
export const ordering: Kernels = {
  ArgMax: placeOf(1),
  ArgMin: placeOf(-1),
  TopK: topK,
}
