import { exposeParameters, type Model, type Tensor } from 'graft-learn'
import type { ReadRows } from './read-data.ts'

/** What the units of a network's first layer look for: small images of weights. */
export interface Filters {
  /** The name of the weights in the model. */
  readonly parameter: string
  readonly count: number
  /** 1, or 3 in the order of the network's input. */
  readonly channels: number
  readonly height: number
  readonly width: number
  /** `count × channels × height × width`. */
  readonly data: Float32Array
}

/**
 * The filters of the first convolution over one or three channels or, where there is none, the weights of a first dense
 * layer over `image`, each row being an image. Null where the network has neither.
 */
export function firstFilters(model: Model, image: ReadRows['image'] = null): Filters | null {
  const { nodes, initializers } = exposeParameters(model).graph
  for (const { op, inputs } of nodes) {
    const parameter = inputs[1] ?? ''
    const weight = initializers.get(parameter)
    if (weight === undefined || !(weight.data instanceof Float32Array)) continue
    if (op === 'Conv') return convolution(parameter, weight)
    if (op === 'Gemm' || op === 'MatMul') return dense(parameter, weight, image)
  }
  return null
}

function convolution(parameter: string, { dims, data }: Tensor): Filters | null {
  const [count, channels, height, width] = dims as [number, number, number, number]
  if (dims.length !== 4 || (channels !== 1 && channels !== 3)) return null
  return { parameter, count, channels, height, width, data: data as Float32Array }
}

function dense(parameter: string, { dims, data }: Tensor, image: ReadRows['image']): Filters | null {
  const [count, inputs] = dims as [number, number]
  if (image === null || dims.length !== 2 || inputs !== image.channels * image.size ** 2) return null
  const { channels, size } = image
  return { parameter, count, channels, height: size, width: size, data: data as Float32Array }
}
