import { InvalidInputError } from '../errors.ts'
import type { Tensors } from '../runtime/index.ts'
import { sizeOf, type Tensor } from '../tensor/index.ts'

/** Rows to train on, fetched a batch at a time. */
export interface TrainingData {
  readonly rows: number
  /**
   * The tensors of some rows, by the names of the step's inputs, targets included; epochs count from 1, for rows that are
   * varied from epoch to epoch. The next batch is asked for before a step is taken, so that it can be made beside it.
   */
  batch(rows: Int32Array, epoch: number): Tensors | Promise<Tensors>
  /** Whether each epoch takes the rows in an order of its own (`shuffled`, the default) or as they are numbered. */
  readonly order?: 'shuffled' | 'kept'
}

/** Tensors in memory whose first dimension counts the rows; throws `InvalidInputError` where they differ in it. */
export function tensorData(tensors: Tensors): TrainingData {
  const entries = Object.entries(tensors)
  const rows = entries[0]?.[1].dims[0]
  const other = entries.find(([, { dims }]) => dims[0] !== rows)
  if (rows === undefined || other !== undefined) {
    const counts = entries.map(([name, { dims }]) => `${name} ${dims[0] ?? 'none'}`).join(', ')
    throw new InvalidInputError(`training data needs tensors of as many rows each, got ${counts || 'no tensors'}`)
  }
  return {
    rows,
    batch: (chosen) => Object.fromEntries(entries.map(([name, tensor]) => [name, takeRows(tensor, chosen)])),
  }
}

/** Some rows of a tensor: a copy. */
export function takeRows<T extends Tensor>(tensor: T, rows: Int32Array): Tensor {
  const dims = [rows.length, ...tensor.dims.slice(1)]
  const width = sizeOf(tensor.dims.slice(1))
  if (Array.isArray(tensor.data)) {
    const source = tensor.data
    const data = Array.from(rows).flatMap((row) => source.slice(row * width, (row + 1) * width))
    return { ...tensor, dims, data }
  }
  const source = tensor.data as Float32Array
  const data = new (source.constructor as typeof Float32Array)(rows.length * width)
  rows.forEach((row, i) => {
    data.set(source.subarray(row * width, (row + 1) * width), i * width)
  })
  return { ...tensor, dims, data }
}
