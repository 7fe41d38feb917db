import { withParameters } from '../autodiff/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { matrix, type Random, type Tensor } from '../tensor/index.ts'
import { type FittedHead, fitHead, type HeadRequest } from './fit-head.ts'
import type { TunedNetwork } from './tuned-network.ts'

export interface HeadStart {
  /** The network with the fitted head. */
  readonly network: TunedNetwork
  /** See `FittedHead`. */
  readonly c: number
  readonly sharpness: number
  /** By cross-validation; null where there are too few rows. */
  readonly accuracy: number | null
  readonly softer?: FittedHead['softer']
}

/** Fits the head to embeddings (`n × d`) of labelled rows by logistic regression. */
export async function startHead(
  runtime: Runtime,
  random: Random,
  network: TunedNetwork,
  { dims, data }: Tensor,
  labels: Int32Array,
  classes: number,
  chosen?: HeadRequest['chosen'],
): Promise<HeadStart> {
  const fitted = await fitHead(runtime, random, {
    features: matrix(dims[0]!, dims[1]!, Float64Array.from(data as Float32Array)),
    labels,
    classes,
    chosen,
  })
  const [weight, bias] = network.head
  const model = withParameters(network.model, { [weight]: transposed(fitted.weights), [bias]: fitted.bias })
  const { c, sharpness, accuracy = null, softer } = fitted
  return { network: { ...network, model }, c, sharpness, accuracy, ...(softer && { softer }) }
}

function transposed({ dims, data }: Tensor): Tensor {
  const [d, classes] = dims as [number, number]
  const result = new Float32Array(d * classes)
  for (let j = 0; j < d; j++) for (let c = 0; c < classes; c++) result[c * d + j] = Number(data[j * classes + c])
  return { type: 'float32', dims: [classes, d], data: result }
}
