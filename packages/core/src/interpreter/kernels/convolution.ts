import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { type Call, describe, input, intOf, type Kernels } from '../kernel.ts'
import { addProduct } from '../matrix-product.ts'
import { type Value, value } from '../value.ts'
import { type Runs, runsOf, windowAxes } from '../windows.ts'

/** At most so many numbers are gathered for one product, 32 MB. */
const GATHERED = 2 ** 22

/** Convolution, over any number of axes: what the windows read is gathered into a matrix and multiplied by the filters. */
export const convolution: Kernels = {
  Conv: (call) => {
    const x = input(call, 0)
    const filters = input(call, 1)
    const groups = intOf(call, 'group', 1)
    const [batch, channels, ...sizes] = x.dims
    const [count, depth, ...kernel] = filters.dims
    if (depth * groups !== channels || count % groups !== 0) throw misfit(call, x, filters, groups)
    const axes = windowAxes(call, sizes, kernel)
    const runs = runsOf(axes)
    const result = value('float', [batch, count, ...axes.map((axis) => axis.output)])
    addBias(result, call.inputs[2])
    const perGroup = count / groups
    const atOnce = Math.max(1, Math.min(depth, Math.floor(GATHERED / (runs.taps * runs.outputs))))
    for (let from = 0; from < depth; from += atOnce) {
      const some = Math.min(atOnce, depth - from)
      const inner = some * runs.taps
      const gathered = isCopy(runs) ? undefined : new Float64Array(inner * runs.outputs)
      const weights = slab(filters.data, count, depth * runs.taps, from * runs.taps, inner)
      for (let n = 0; n < batch; n++) {
        for (let g = 0; g < groups; g++) {
          const start = (n * channels + g * depth + from) * runs.inputs
          if (gathered !== undefined) gather(gathered, x.data, start, some, runs)
          const read = gathered === undefined ? { data: x.data, start } : { data: gathered, start: 0 }
          const own = { data: weights, start: g * perGroup * inner }
          const sum = { data: result.data, start: (n * count + g * perGroup) * runs.outputs }
          addProduct(sum, own, read, perGroup, inner, runs.outputs)
        }
      }
    }
    return [result]
  },
}

/** The error for tensors and groups that do not belong together. */
export const misfit = (call: Call, x: Value, filters: Value, groups: number): InvalidInputError =>
  new InvalidInputError(
    `${describe(call.node)} cannot apply filters [${filters.dims.join(', ')}] to [${x.dims.join(', ')}] in ${groups} groups`,
  )

/** Adds one number per channel, axis 1, to a result in place. */
export function addBias({ dims, data }: Value, bias: Value | undefined): void {
  if (bias === undefined) return
  const length = sizeOf(dims.slice(2))
  for (let at = 0, row = 0; at < data.length; at += length, row++) {
    const added = bias.data[row % dims[1]]
    for (let i = at; i < at + length; i++) data[i] += added
  }
}

/** Windows of one tap each that read every place in turn: what they read is the tensor itself. */
const isCopy = ({ taps, step, inputs, outputs, length }: Runs): boolean =>
  taps === 1 && step === 1 && inputs === outputs && length.length === 1 && length[0] === inputs

/** What the windows read of some channels: a row of `gathered` per channel and tap, a column per window. */
function gather(gathered: Float64Array, x: Float64Array, start: number, channels: number, runs: Runs): void {
  const { taps, inputs, outputs, step, tap, output, input, length } = runs
  for (let c = 0; c < channels; c++) {
    const from = start + c * inputs
    const to = c * taps * outputs
    for (let r = 0; r < tap.length; r++) {
      const target = to + tap[r] * outputs + output[r]
      let source = from + input[r]
      const end = target + length[r]
      for (let i = target; i < end; i++, source += step) gathered[i] = x[source]
    }
  }
}

/** Some columns of a `rows × columns` matrix: the matrix itself where they are all. */
function slab(data: Float64Array, rows: number, columns: number, from: number, count: number): Float64Array {
  if (count === columns) return data
  const result = new Float64Array(rows * count)
  for (let i = 0; i < rows; i++) {
    result.set(data.subarray(i * columns + from, i * columns + from + count), i * count)
  }
  return result
}
