import { InvalidInputError, type Matrix, type Model, type Network, type Runtime, sizeOf, sliceRows } from 'graft-learn'

const BATCH = 256

/** The sizes of one row where the file leaves them open and the input is a vector: the table's columns. */
export function tableDims({ graph }: Model, features: Matrix): readonly number[] | undefined {
  const dims = graph.inputs.find(({ name }) => !graph.initializers.has(name))?.dims
  return dims?.length === 2 && typeof dims[1] !== 'number' ? [features.columns] : undefined
}

/** Runs a base on the rows of a table; the columns fill the input's sizes in order. `n × width`. */
export async function tableRows(
  runtime: Runtime,
  base: Model,
  input: Network['input'],
  features: Matrix,
  about: { readonly file: string; readonly model: string },
  progress: (done: number, total: number) => void,
): Promise<Float32Array> {
  if (sizeOf(input.dims) !== features.columns) {
    throw new InvalidInputError(
      `${about.file} has ${features.columns} feature columns, and input "${input.name}" takes ${input.dims.join(' x ')}: give the columns that the model was trained on`,
      { file: about.model },
    )
  }
  const parts: Float32Array[] = []
  for (let from = 0; from < features.rows; from += BATCH) {
    const { rows, data } = sliceRows(features, from, Math.min(from + BATCH, features.rows))
    const x = { type: 'float32', dims: [rows, ...input.dims], data: Float32Array.from(data) } as const
    const outputs = await runtime.run(base, { [input.name]: x })
    parts.push(Object.values(outputs)[0]!.data as Float32Array)
    progress(from + rows, features.rows)
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}
