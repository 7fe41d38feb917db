import { cutTo } from '../../autodiff/index.ts'
import { type Matrix, matrix, type Tensor } from '../../tensor/index.ts'
import type { OldHead, StrategyContext } from '../strategy.ts'

const SMALLEST = 1e-30

/** Scores of the old head for rows `0 … rows − 1`, `rows × old classes`, whose softmax are its probabilities. */
export async function oldScoresOf(
  context: StrategyContext,
  oldHead: OldHead,
  rows: number,
  inputs: (rows: Int32Array) => Promise<Tensor>,
): Promise<Matrix> {
  const { runtime, network, input, batchSize, signal, progress } = context
  const old = cutTo(
    network,
    network.graph.outputs.filter(({ name }) => name === oldHead.output),
  )
  const scores = matrix(rows, oldHead.classes)
  for (let from = 0; from < rows; from += batchSize) {
    signal?.throwIfAborted()
    const chosen = Int32Array.from({ length: Math.min(batchSize, rows - from) }, (_, i) => from + i)
    const outputs = await runtime.run(old, { [input]: await inputs(chosen) })
    const said = Float64Array.from(outputs[oldHead.output]!.data as Float32Array)
    const values = oldHead.kind === 'logits' ? said : said.map((share) => Math.log(Math.max(share, SMALLEST)))
    scores.data.set(values, from * oldHead.classes)
    progress('old classes', from + chosen.length, rows)
  }
  return scores
}
