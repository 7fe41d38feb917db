import type { Tensor } from '../tensor/index.ts'
import type { Predict } from '../training/index.ts'
import { blocksOf } from './tuning-rows.ts'

/** How logits fare on labelled rows. */
export interface Evaluation {
  readonly accuracy: number
  /** The mean cross-entropy. */
  readonly loss: number
  /** 1 for each row whose class has the largest logit, else 0. */
  readonly right: Uint8Array
}

/** Runs rows through a network with an output `logits`, a block at a time. */
export async function evaluateRows(
  predict: Predict,
  input: string,
  labels: Int32Array,
  inputs: (rows: Int32Array) => Promise<Tensor>,
): Promise<Evaluation> {
  const right = new Uint8Array(labels.length)
  let loss = 0
  for (const rows of blocksOf(labels.length, 64)) {
    const { logits } = await predict({ [input]: await inputs(rows) })
    const classes = logits!.dims[1]!
    rows.forEach((row, i) => {
      const said = (logits!.data as Float32Array).subarray(i * classes, (i + 1) * classes)
      const largest = Math.max(...said)
      right[row] = Number(said.indexOf(largest) === labels[row])
      loss += Math.log(said.reduce((sum, value) => sum + Math.exp(value - largest), 0)) + largest - said[labels[row]!]!
    })
  }
  const accuracy = right.reduce((sum, each) => sum + each, 0) / labels.length
  return { accuracy, loss: loss / labels.length, right }
}
