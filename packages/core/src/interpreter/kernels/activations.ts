import { erf } from '../erf.ts'
import { broadcastTo } from '../indexing.ts'
import { floatOf, input, type Kernel, type Kernels, textOf } from '../kernel.ts'
import { value } from '../value.ts'
import { each, mapped } from './elementwise.ts'

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const betweenZeroAndOne = (x: number): number => Math.min(1, Math.max(0, x))
const gelu = (x: number): number => 0.5 * x * (1 + erf(x * Math.SQRT1_2))
const geluByTanh = (x: number): number => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))

const relu: Kernel = (call) => {
  const x = input(call, 0)
  const result = value(x.kind, x.dims)
  for (let i = 0; i < x.data.length; i++) result.data[i] = Math.max(0, x.data[i])
  return [result]
}

/** A line through zero whose slope below zero is an input. */
const parametricRelu: Kernel = (call) => {
  const x = input(call, 0)
  const slope = broadcastTo(input(call, 1), x.dims)
  const result = value(x.kind, x.dims)
  for (let i = 0; i < x.data.length; i++) result.data[i] = x.data[i] < 0 ? slope[i] * x.data[i] : x.data[i]
  return [result]
}

/** Non-linearities of networks, applied to each number. */
export const activations: Kernels = {
  Relu: relu,
  LeakyRelu: (call) => {
    const alpha = floatOf(call, 'alpha', 0.01)
    return mapped(call, (x) => (x < 0 ? alpha * x : x))
  },
  PRelu: parametricRelu,
  Elu: (call) => {
    const alpha = floatOf(call, 'alpha', 1)
    return mapped(call, (x) => (x < 0 ? alpha * Math.expm1(x) : x))
  },
  Selu: (call) => {
    const alpha = floatOf(call, 'alpha', 1.6732631921768188)
    const gamma = floatOf(call, 'gamma', 1.0507010221481323)
    return mapped(call, (x) => gamma * (x < 0 ? alpha * Math.expm1(x) : x))
  },
  Celu: (call) => {
    const alpha = floatOf(call, 'alpha', 1)
    return mapped(call, (x) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha)))
  },
  Gelu: (call) => mapped(call, textOf(call, 'approximate', 'none') === 'tanh' ? geluByTanh : gelu),
  Sigmoid: each(sigmoid),
  HardSigmoid: (call) => {
    const alpha = floatOf(call, 'alpha', 0.2)
    const beta = floatOf(call, 'beta', 0.5)
    return mapped(call, (x) => betweenZeroAndOne(alpha * x + beta))
  },
  HardSwish: each((x) => x * betweenZeroAndOne(x / 6 + 0.5)),
  Mish: each((x) => x * Math.tanh(softplus(x))),
  Softplus: each(softplus),
  Softsign: each((x) => x / (1 + Math.abs(x))),
  ThresholdedRelu: (call) => {
    const alpha = floatOf(call, 'alpha', 1)
    return mapped(call, (x) => (x > alpha ? x : 0))
  },
  Swish: (call) => {
    const alpha = floatOf(call, 'alpha', 1)
    return mapped(call, (x) => x * sigmoid(alpha * x))
  },
}
