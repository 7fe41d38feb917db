import { cutTo } from '../autodiff/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { TunedNetwork } from './tuned-network.ts'
import { blocksOf, type TuningRows } from './tuning-rows.ts'

/** How well the old head does on the task that the network knew. */
export interface Forgetting {
  readonly rows: number
  /** Accuracy with the pretrained weights. */
  readonly before: number
  /** Accuracy with the tuned ones. */
  readonly after: number
}

/** Accuracy of the old head on labelled rows of its task, before tuning and after. */
export async function forgetting(
  runtime: Runtime,
  before: TunedNetwork,
  after: TunedNetwork,
  data: TuningRows,
): Promise<Forgetting> {
  return {
    rows: data.rows,
    before: await oldAccuracy(runtime, before, data),
    after: await oldAccuracy(runtime, after, data),
  }
}

async function oldAccuracy(runtime: Runtime, { model, oldHead }: TunedNetwork, data: TuningRows): Promise<number> {
  const { output, classes } = oldHead!
  const cut = cutTo(model, [model.graph.outputs.find(({ name }) => name === output)!])
  const input = cut.graph.inputs[0]!.name
  let right = 0
  for (const rows of blocksOf(data.rows)) {
    const said = (await runtime.run(cut, { [input]: await data.fetch(rows, 0) }))[output]!.data as Float32Array
    rows.forEach((row, i) => {
      const scores = said.subarray(i * classes, (i + 1) * classes)
      if (scores.indexOf(Math.max(...scores)) === data.labels[row]) right++
    })
  }
  return right / data.rows
}
