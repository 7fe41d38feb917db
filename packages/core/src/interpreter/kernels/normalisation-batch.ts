import { sizeOf } from '../../tensor/index.ts'
import { type Call, floatOf, input, intOf, type Kernels } from '../kernel.ts'
import { type Value, value } from '../value.ts'

/** Normalisation of each channel by the running statistics or, in training, by those of the batch. */
export const batchNormalisation: Kernels = {
  BatchNormalization: (call) => {
    const x = input(call, 0)
    const running = { means: input(call, 3), variances: input(call, 4) }
    // Before operator set 9 every place may have statistics of its own, not every channel.
    const spatial = call.opset >= 9 || intOf(call, 'spatial', 1) === 1
    const shape = {
      batch: x.dims[0],
      channels: spatial ? x.dims[1] : sizeOf(x.dims.slice(1)),
      length: spatial ? sizeOf(x.dims.slice(2)) : 1,
    }
    if (!isTraining(call)) return [normalise(call, x, running.means.data, running.variances.data, shape)]
    const { means, variances } = batchMoments(x.data, shape)
    const momentum = floatOf(call, 'momentum', 0.9)
    const mix = ({ dims, data }: Value, current: Float64Array): Value =>
      value(
        'float',
        dims,
        data.map((before, c) => before * momentum + current[c] * (1 - momentum)),
      )
    return [
      normalise(call, x, means, variances, shape),
      mix(running.means, means),
      mix(running.variances, variances),
      value('float', running.means.dims, means),
      value('float', running.variances.dims, variances),
    ]
  },
}

/** A batch of examples with `channels` channels of `length` numbers. */
interface Shape {
  readonly batch: number
  readonly channels: number
  readonly length: number
}

/** Training is an attribute from operator set 14 on; before, it is a node that has outputs for statistics. */
const isTraining = ({ node, opset }: Call): boolean => {
  const mode = node.attributes.training_mode
  return opset >= 14
    ? mode?.type === 'int' && Number(mode.value) === 1
    : node.outputs.slice(1).some((name) => name !== '')
}

function normalise(call: Call, x: Value, means: Float64Array, variances: Float64Array, shape: Shape): Value {
  const { channels, length } = shape
  const [scale, bias] = [input(call, 1).data, input(call, 2).data]
  const epsilon = floatOf(call, 'epsilon', 1e-5)
  const result = value('float', x.dims)
  for (let from = 0, row = 0; from < x.data.length; from += length, row++) {
    const c = row % channels
    const factor = scale[c] / Math.sqrt(variances[c] + epsilon)
    for (let i = from; i < from + length; i++) result.data[i] = (x.data[i] - means[c]) * factor + bias[c]
  }
  return result
}

/** The mean of every channel over the batch, and the mean squared distance from it. */
function batchMoments(x: Float64Array, { batch, channels, length }: Shape) {
  const means = new Float64Array(channels)
  const variances = new Float64Array(channels)
  const count = batch * length
  for (let from = 0, row = 0; from < x.length; from += length, row++) {
    let sum = 0
    for (let i = from; i < from + length; i++) sum += x[i]
    means[row % channels] += sum / count
  }
  for (let from = 0, row = 0; from < x.length; from += length, row++) {
    const mean = means[row % channels]
    let sum = 0
    for (let i = from; i < from + length; i++) sum += (x[i] - mean) * (x[i] - mean)
    variances[row % channels] += sum / count
  }
  return { means, variances }
}
