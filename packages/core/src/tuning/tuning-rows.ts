import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { sizeOf, type Tensor } from '../tensor/index.ts'

/** Labelled rows to tune on, such as images: made into inputs of a network when they are asked for. */
export interface TuningRows {
  readonly rows: number
  /** `rows` class indices. */
  readonly labels: Int32Array
  /** Inputs of the network, `n × …`, for some rows: as they are (view 0), or varied at random, each view in its own way. */
  readonly fetch: (rows: Int32Array, view: number) => Promise<Tensor>
  /** The outputs of a base for all rows, from wherever they are kept. Default: computed once, and kept in memory. */
  readonly outputs?: (base: Model, view: number) => Promise<Tensor>
}

/** Rows that go through a network at once. */
const BLOCK = 32

/** The only output of `base` for all rows, `rows × …`. */
export async function baseOutputs(
  runtime: Runtime,
  base: Model,
  data: TuningRows,
  view: number,
  progress: (done: number, total: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Tensor> {
  if (data.outputs !== undefined) return data.outputs(base, view)
  const [input, output] = [base.graph.inputs[0]!.name, base.graph.outputs[0]!.name]
  const parts: Tensor[] = []
  for (const rows of blocksOf(data.rows)) {
    signal?.throwIfAborted()
    const results = await runtime.run(base, { [input]: await data.fetch(rows, view) })
    parts.push(results[output]!)
    progress(rows.at(-1)! + 1, data.rows)
  }
  return joinRows(parts)
}

/** The numbers of all rows, a block at a time. */
export function* blocksOf(rows: number, size = BLOCK): Generator<Int32Array> {
  for (let from = 0; from < rows; from += size) {
    yield Int32Array.from({ length: Math.min(size, rows - from) }, (_, i) => from + i)
  }
}

/** Float32 tensors that differ in their first dimension only, one after the other. */
export function joinRows(parts: readonly Tensor[]): Tensor {
  const rows = parts.reduce((sum, { dims }) => sum + dims[0]!, 0)
  const dims = [rows, ...parts[0]!.dims.slice(1)]
  const data = new Float32Array(sizeOf(dims))
  let at = 0
  for (const part of parts) {
    data.set(part.data as Float32Array, at)
    at += part.data.length
  }
  return { type: 'float32', dims, data }
}

/** Some rows of a float32 tensor: a copy. */
export function pickRows({ dims, data }: Tensor, rows: Int32Array): Tensor {
  const width = sizeOf(dims.slice(1))
  const result = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    result.set((data as Float32Array).subarray(row * width, (row + 1) * width), i * width)
  })
  return { type: 'float32', dims: [rows.length, ...dims.slice(1)], data: result }
}

/** Rows of a tensor in memory as rows to tune on. */
export const rowsInMemory = (inputs: Tensor, labels: Int32Array): TuningRows => ({
  rows: labels.length,
  labels,
  fetch: async (rows) => pickRows(inputs, rows),
})
