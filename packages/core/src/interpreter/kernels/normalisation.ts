import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { broadcastTo, normaliseAxes, normaliseAxis, permute } from '../indexing.ts'
import { type Call, describe, floatOf, input, intOf, intsOf, type Kernels } from '../kernel.ts'
import { type Value, value } from '../value.ts'

const EPSILON = 1e-5

/** Normalisation of each example by its own numbers. */
export const normalisation: Kernels = {
  InstanceNormalization: (call) => {
    const x = input(call, 0)
    const { data } = standardised(x.data, sizeOf(x.dims.slice(2)), floatOf(call, 'epsilon', EPSILON))
    return [perChannel({ ...x, data }, input(call, 1), input(call, 2))]
  },

  GroupNormalization: (call) => {
    const x = input(call, 0)
    const groups = intOf(call, 'num_groups', 0)
    const channels = x.dims[1]
    if (groups < 1 || channels % groups !== 0) {
      throw new InvalidInputError(`${describe(call.node)} cannot split ${channels} channels into ${groups} groups`)
    }
    const length = sizeOf(x.dims.slice(1)) / groups
    const { data } = standardised(x.data, length, floatOf(call, 'epsilon', EPSILON))
    // Before operator set 21 the scale and the bias are given per group.
    const [scale, bias] = [input(call, 1), input(call, 2)].map((each) =>
      call.opset >= 21 ? each : repeated(each, channels / groups),
    )
    return [perChannel({ ...x, data }, scale, bias)]
  },

  LayerNormalization: (call) => {
    const x = input(call, 0)
    const { length, dims } = lastAxes(call, x)
    const { data, means, inverses } = standardised(x.data, length, floatOf(call, 'epsilon', EPSILON))
    scale(data, broadcastTo(input(call, 1), x.dims), call.inputs[2] && broadcastTo(call.inputs[2], x.dims))
    return [{ ...x, data }, value('float', dims, means), value('float', dims, inverses)]
  },

  RMSNormalization: (call) => {
    const x = input(call, 0)
    const { length } = lastAxes(call, x)
    const epsilon = floatOf(call, 'epsilon', EPSILON)
    const data = mapRows(x.data, length, (row) => {
      let squares = 0
      for (const each of row) squares += each * each
      const inverse = 1 / Math.sqrt(squares / length + epsilon)
      for (let i = 0; i < length; i++) row[i] *= inverse
    })
    scale(data, broadcastTo(input(call, 1), x.dims))
    return [{ ...x, data }]
  },

  MeanVarianceNormalization: (call) => {
    const x = input(call, 0)
    const rank = x.dims.length
    const axes = normaliseAxes(intsOf(call, 'axes') ?? [0, 2, 3], rank)
    const order = [...x.dims.keys()].filter((axis) => !axes.includes(axis)).concat(axes)
    const length = sizeOf(axes.map((axis) => x.dims[axis]))
    const moved = mapRows(permute(x.data, x.dims, order), length, (row) => {
      const { mean, variance } = moments(row)
      const deviation = Math.sqrt(variance) + 1e-9
      for (let i = 0; i < length; i++) row[i] = (row[i] - mean) / deviation
    })
    const back = [...x.dims.keys()].map((axis) => order.indexOf(axis))
    const data = permute(
      moved,
      order.map((axis) => x.dims[axis]),
      back,
    )
    return [{ ...x, data }]
  },
}

/** The mean of some numbers, and the mean of their squared distances from it. */
function moments(numbers: Float64Array): { mean: number; variance: number } {
  let sum = 0
  for (const each of numbers) sum += each
  const mean = sum / numbers.length
  let squares = 0
  for (const each of numbers) squares += (each - mean) * (each - mean)
  return { mean, variance: squares / numbers.length }
}

/** A copy in which `change` has been at every stretch of `length` numbers. */
function mapRows(numbers: Float64Array, length: number, change: (row: Float64Array) => void): Float64Array {
  const result = numbers.slice()
  for (let from = 0; from < result.length; from += length) change(result.subarray(from, from + length))
  return result
}

/** Each stretch of `length` numbers less its mean and divided by `√(variance + epsilon)`. */
function standardised(numbers: Float64Array, length: number, epsilon: number) {
  const rows = length === 0 ? 0 : numbers.length / length
  const means = new Float64Array(rows)
  const inverses = new Float64Array(rows)
  let at = 0
  const data = mapRows(numbers, length, (row) => {
    const { mean, variance } = moments(row)
    const inverse = 1 / Math.sqrt(variance + epsilon)
    for (let i = 0; i < length; i++) row[i] = (row[i] - mean) * inverse
    means[at] = mean
    inverses[at++] = inverse
  })
  return { data, means, inverses }
}

/** How many numbers the axes from `axis` on hold, and the shape with 1 in their places. */
function lastAxes(call: Call, { dims }: Value): { length: number; dims: number[] } {
  const axis = normaliseAxis(intOf(call, 'axis', -1), dims.length)
  return { length: sizeOf(dims.slice(axis)), dims: dims.map((dim, i) => (i < axis ? dim : 1)) }
}

/** Multiplies and, with a bias, adds element by element, in place. */
function scale(data: Float64Array, factors: Float64Array, bias?: Float64Array): void {
  for (let i = 0; i < data.length; i++) data[i] = data[i] * factors[i] + (bias === undefined ? 0 : bias[i])
}

/** A factor and a bias per channel, axis 1. */
function perChannel({ kind, dims, data }: Value, factors: Value, bias: Value): Value {
  const length = sizeOf(dims.slice(2))
  const result = value(kind, dims)
  for (let from = 0, row = 0; from < data.length; from += length, row++) {
    const c = row % dims[1]
    for (let i = from; i < from + length; i++) result.data[i] = data[i] * factors.data[c] + bias.data[c]
  }
  return result
}

const repeated = ({ kind, dims, data }: Value, times: number): Value =>
  value(
    kind,
    [dims[0] * times],
    Float64Array.from({ length: data.length * times }, (_, i) => data[Math.floor(i / times)]),
  )
