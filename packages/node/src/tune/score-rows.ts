import {
  type Matrix,
  type Model,
  matrix,
  type Runtime,
  rowsInMemory,
  splitNetwork,
  type Tensor,
  type TuningRows,
} from 'graft-learn'

/** What a tuned network says of rows. */
export interface ScoredRows {
  /** `n` class indices. */
  readonly predicted: Int32Array
  /** `n × classes`. */
  readonly probabilities: Matrix
  /** `n × d`. */
  readonly embedding: Matrix
  readonly accuracy: number
}

/** Rows that go through at once. */
const BLOCK = 32

export interface ScoreRequest {
  /** Outputs `logits` and `embedding`. */
  readonly model: Model
  readonly rows: TuningRows
  readonly classes: number
  /** The value that ends the part with pretrained weights, whose outputs are kept; undefined where there is none. */
  readonly cut: string | undefined
  readonly progress?: (done: number, total: number) => void
}

/** Runs labelled rows through a network. */
export async function scoreRows(
  runtime: Runtime,
  { model, rows, classes, cut, progress }: ScoreRequest,
): Promise<ScoredRows> {
  const { outputs } = rows
  const input = outputs === undefined || cut === undefined ? model.graph.inputs[0]!.name : cut
  const { base, rest } = splitNetwork(model, input, ['logits', 'embedding'])
  const kept = outputs === undefined || cut === undefined ? undefined : await outputs(base, 0)
  const fetch = kept === undefined ? rows.fetch : rowsInMemory(kept, rows.labels).fetch
  const predicted = new Int32Array(rows.rows)
  const probabilities = matrix(rows.rows, classes)
  let embedding: Matrix | undefined
  let right = 0
  for (let from = 0; from < rows.rows; from += BLOCK) {
    const chosen = Int32Array.from({ length: Math.min(BLOCK, rows.rows - from) }, (_, i) => from + i)
    const said = await runtime.run(rest, { [input]: await fetch(chosen, 0) })
    const width = said.embedding!.dims[1]!
    embedding ??= matrix(rows.rows, width)
    embedding.data.set(said.embedding!.data as Float32Array, from * width)
    chosen.forEach((row, i) => {
      const shares = softmaxOf(said.logits!, i, classes)
      probabilities.data.set(shares, row * classes)
      predicted[row] = shares.indexOf(Math.max(...shares))
      if (predicted[row] === rows.labels[row]) right++
    })
    progress?.(Math.min(from + BLOCK, rows.rows), rows.rows)
  }
  return { predicted, probabilities, embedding: embedding ?? matrix(0, 0), accuracy: right / rows.rows }
}

/** The value that the output `embedding` hands on. */
export const embeddingOf = ({ graph }: Model): string =>
  graph.nodes.find(({ outputs }) => outputs.includes('embedding'))!.inputs[0]!

function softmaxOf({ data }: Tensor, row: number, classes: number): Float64Array {
  const logits = Float64Array.from((data as Float32Array).subarray(row * classes, (row + 1) * classes))
  const largest = Math.max(...logits)
  const powers = logits.map((value) => Math.exp(value - largest))
  const total = powers.reduce((sum, value) => sum + value, 0)
  return powers.map((value) => value / total)
}
