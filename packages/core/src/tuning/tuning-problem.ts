import { mlp } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { adam, cosine, softmaxCrossEntropy, train } from '../training/index.ts'
import type { TuneRequest } from './tune-request.ts'
import { pickRows, rowsInMemory, type TuningRows } from './tuning-rows.ts'

/**
 * Rows of 6 numbers whose classes follow from the signs of products: only tests import this. The old task has four classes,
 * by the signs of `x₀x₁` and `x₂x₃`; the new one has three that follow from the same products, the second of them above 0.4.
 */
export type Task = 'old' | 'new'

const WIDTH = 6

export interface TaskRows extends TuningRows {
  /** `rows × 6`. */
  readonly inputs: Tensor
}

/** Rows of a task. */
export function taskRows(task: Task, rows: number, seed = 1): TaskRows {
  const random = seededRandom(seed).fork(task)
  const data = Float32Array.from({ length: rows * WIDTH }, () => random.normal())
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const above = (i: number, least: number): number =>
      data[row * WIDTH + i]! * data[row * WIDTH + i + 1]! > least ? 1 : 0
    if (task === 'old') return 2 * above(0, 0) + above(2, 0)
    return above(0, 0) === 0 ? 2 : above(2, 0.4)
  })
  const inputs: Tensor = { type: 'float32', dims: [rows, WIDTH], data }
  return { ...rowsInMemory(inputs, labels), inputs }
}

/** A perceptron that learned the old task: blocks `fc1` and `fc2` below its old head `fc3`. */
export async function pretrained(runtime: Runtime): Promise<Model> {
  const model = mlp({ inputs: WIDTH, hidden: [32, 16], classes: 4, random: seededRandom(3) })
  const { rows, labels, inputs } = taskRows('old', 1500)
  const trained = await train(runtime, model, {
    data: {
      rows,
      batch: (chosen) => ({
        x: pickRows(inputs, chosen),
        target: {
          type: 'int64',
          dims: [chosen.length],
          data: BigInt64Array.from(chosen, (row) => BigInt(labels[row]!)),
        },
      }),
    },
    epochs: 25,
    batchSize: 50,
    schedule: cosine(0.02),
    optimiser: adam(),
    losses: [softmaxCrossEntropy({ logits: 'logits', target: 'target' })],
  })
  return trained.model
}

/** A request on 60 rows of the new task, with what differs. */
export const request = (runtime: Runtime, model: Model, change: Partial<TuneRequest> = {}): TuneRequest => ({
  runtime,
  model,
  training: taskRows('new', 60),
  classes: 3,
  strategy: 'full',
  epochs: 6,
  settings: { learningRate: 0.003, batchSize: 16 },
  ...change,
})

/** The share of rows whose class a tuned network finds. */
export async function accuracyOn(runtime: Runtime, model: Model, { labels, inputs }: TaskRows) {
  const { logits } = await runtime.run(model, { [model.graph.inputs[0]!.name]: inputs })
  const classes = logits!.dims[1]!
  const data = logits!.data as Float32Array
  const right = labels.filter((label, row) => {
    const said = data.subarray(row * classes, (row + 1) * classes)
    return said.indexOf(Math.max(...said)) === label
  })
  return right.length / labels.length
}
