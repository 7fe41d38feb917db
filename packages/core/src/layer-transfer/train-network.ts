import { withParameters } from '../autodiff/index.ts'
import { accuracy } from '../metrics/index.ts'
import { splitNetwork } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { sizeOf, type Tensor } from '../tensor/index.ts'
import { adamW, cosine, softmaxCrossEntropy, tensorData, train } from '../training/index.ts'

/** Rows of one task. */
export interface TaskPart {
  /** `N × …`, float32. */
  readonly inputs: Tensor
  /** The class of each row, from 0 among the task's own. */
  readonly labels: Int32Array
}

export interface TaskData {
  readonly train: TaskPart
  readonly test: TaskPart
}

/** How every network of the experiment is trained: AdamW, its rate falling to zero along a cosine. */
export interface TrainingPlan {
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Decides the order of the rows. */
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  readonly onEpoch?: ((epoch: number) => void | Promise<void>) | undefined
}

export interface TrainedNetwork {
  readonly model: Model
  /** The mean loss of the last epoch. */
  readonly loss: number
  readonly trainAccuracy: number
  readonly accuracy: number
}

/** Rows that go through a network at once where nothing is trained. */
const BLOCK = 256

/**
 * Trains a network on a task and scores it on the rows held out; null where the signal ended it. What leads to the value
 * `frozen` stays as it is, bit for bit: it is run once over all rows, and only what follows is trained, on its outputs.
 */
export async function trainNetwork(
  runtime: Runtime,
  model: Model,
  { train: given, test }: TaskData,
  plan: TrainingPlan,
  frozen?: string,
): Promise<TrainedNetwork | null> {
  if (frozen === undefined) return trainWhole(runtime, model, given, test, plan)
  const { base, rest } = splitNetwork(model, frozen)
  const through = async ({ inputs, labels }: TaskPart) => ({ inputs: await apply(runtime, base, inputs), labels })
  const trained = await trainWhole(runtime, rest, await through(given), await through(test), plan)
  if (trained === null) return null
  const own = [...trained.model.graph.initializers].filter(([name]) => model.graph.initializers.has(name))
  return { ...trained, model: withParameters(model, Object.fromEntries(own)) }
}

async function trainWhole(
  runtime: Runtime,
  model: Model,
  given: TaskPart,
  test: TaskPart,
  { epochs, batchSize, learningRate, weightDecay, seed, signal, onEpoch }: TrainingPlan,
): Promise<TrainedNetwork | null> {
  const [{ name: input }] = model.graph.inputs as [{ name: string }]
  const [{ name: logits }] = model.graph.outputs as [{ name: string }]
  const target: Tensor = { type: 'int32', dims: [given.labels.length], data: given.labels }
  const trained = await train(runtime, model, {
    data: tensorData({ [input]: given.inputs, target }),
    losses: [softmaxCrossEntropy({ logits })],
    optimiser: adamW({ weightDecay }),
    schedule: cosine(learningRate),
    batchNormalisation: 'batch',
    epochs,
    batchSize,
    seed,
    ...(signal && { signal }),
    ...(onEpoch && { onEpoch: ({ epoch }) => onEpoch(epoch) }),
  })
  if (trained.stopped === 'aborted') return null
  const score = async ({ inputs, labels }: TaskPart) => accuracy(await predict(runtime, trained.model, inputs), labels)
  return {
    model: trained.model,
    loss: trained.history.at(-1)!.loss,
    trainAccuracy: await score(given),
    accuracy: await score(test),
  }
}

/** A model's only output for all rows. */
async function apply(runtime: Runtime, { graph, ...rest }: Model, inputs: Tensor): Promise<Tensor> {
  const model = { ...rest, graph }
  const [{ name: input }] = graph.inputs as [{ name: string }]
  const [{ name: output }] = graph.outputs as [{ name: string }]
  const rows = inputs.dims[0]!
  const width = sizeOf(inputs.dims.slice(1))
  const source = inputs.data as Float32Array
  let all: Float32Array | undefined
  let dims: readonly number[] = []
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK)
    const data = source.subarray(from * width, to * width)
    const given: Tensor = { type: 'float32', dims: [to - from, ...inputs.dims.slice(1)], data }
    const found = (await runtime.run(model, { [input]: given }))[output]!
    dims = found.dims.slice(1)
    all ??= new Float32Array(rows * sizeOf(dims))
    all.set(found.data as Float32Array, from * sizeOf(dims))
  }
  return { type: 'float32', dims: [rows, ...dims], data: all ?? new Float32Array(0) }
}

/** The class of the highest score for each row. */
async function predict(runtime: Runtime, model: Model, inputs: Tensor): Promise<Int32Array> {
  const { dims, data } = await apply(runtime, model, inputs)
  const [rows, classes] = dims as [number, number]
  return Int32Array.from({ length: rows }, (_, row) => {
    const scores = (data as Float32Array).subarray(row * classes, (row + 1) * classes)
    return scores.indexOf(scores.reduce((most, score) => Math.max(most, score), -Infinity))
  })
}
