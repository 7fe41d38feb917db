import { nextIndex } from '../indexing.ts'
import { type Call, input, intOf, intsOf } from '../kernel.ts'
import { type Value, value } from '../value.ts'
import { runsOf, windowAxes } from '../windows.ts'

/** The largest number in each window, and where in the whole tensor it lies, the first of several. */
export function maxPool(call: Call): Value[] {
  const x = input(call, 0)
  const sizes = x.dims.slice(2)
  const axes = windowAxes(call, sizes, intsOf(call, 'kernel_shape') ?? [])
  const { inputs, outputs, step, output, input: place, length } = runsOf(axes)
  const dims = [...x.dims.slice(0, 2), ...axes.map((axis) => axis.output)]
  const largest = value(x.kind, dims)
  const places = value('int', dims)
  const most = largest.data.fill(-Infinity)
  for (let from = 0, to = 0; to < most.length; from += inputs, to += outputs) {
    for (let r = 0; r < length.length; r++) {
      let source = from + place[r]
      const end = to + output[r] + length[r]
      for (let i = to + output[r]; i < end; i++, source += step) {
        if (x.data[source] > most[i]) {
          most[i] = x.data[source]
          places.data[i] = source
        }
      }
    }
  }
  if (intOf(call, 'storage_order', 0) === 0) return [largest, places]
  const order = firstAxisFastest(sizes)
  return [largest, { ...places, data: places.data.map((at) => at - (at % inputs) + order[at % inputs]) }]
}

/**
 * Zeros of the shape that the third input says, or that windows give, with every number at the place that its index says; of
 * several for one place the last.
 */
export function maxUnpool(call: Call): Value[] {
  const [x, indices, shape] = [input(call, 0), input(call, 1), call.inputs[2]]
  const result = value(x.kind, shape === undefined ? unpooledDims(call, x.dims) : Array.from(shape.data))
  for (let i = 0; i < x.data.length; i++) result.data[indices.data[i]!] = x.data[i]!
  return [result]
}

/** The dimensions of what windows would pool to `dims`. */
function unpooledDims(call: Call, dims: readonly number[]): number[] {
  const kernel = intsOf(call, 'kernel_shape') ?? []
  const [strides, pads] = [intsOf(call, 'strides'), intsOf(call, 'pads')]
  const space = kernel.map(
    (k, i) => (dims[i + 2]! - 1) * (strides?.[i] ?? 1) + k - (pads?.[i] ?? 0) - (pads?.[i + kernel.length] ?? 0),
  )
  return [...dims.slice(0, 2), ...space]
}

/** The place of every element, given in row-major order, when the first axis varies fastest. */
function firstAxisFastest(dims: readonly number[]): Float64Array {
  const index = dims.map(() => 0)
  const places: number[] = []
  do {
    places.push(dims.reduceRight((place, dim, axis) => place * dim + index[axis], 0))
  } while (nextIndex(index, dims))
  return Float64Array.from(places)
}
