import { InvalidInputError } from '../../errors.ts'
import type { GraphBuilder, Value } from '../../onnx/index.ts'
import type { Tensors } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'

/** The shape of a value of the step's graph, by its name. */
export type DimsOf = (name: string) => readonly number[]

/** One loss: operators that it adds to a model, in the form they have from opset 18 on. */
export interface LossTerm {
  /** What the loss is called in results: `loss/NAME`. */
  readonly name: string
  /** Its factor in the total: a number, or the name of a scalar input that changes from step to step. Default 1. */
  readonly weight?: number | string
  /**
   * Appends the loss and gives its value, a scalar. `batch` holds an example of every input of the step; those the
   * model does not have yet, targets and sample weights, are declared by the loss.
   */
  readonly build: (graph: GraphBuilder, batch: Tensors) => Value
  /** Looks at each batch before it is used; throws `InvalidInputError` where targets or sample weights do not fit. */
  readonly check?: (batch: Tensors, dimsOf: DimsOf) => void
}

/** A batch's tensor; throws `InvalidInputError` where the batch lacks it. */
export function batchTensor(batch: Tensors, name: string, what: string): Tensor {
  const found = batch[name]
  if (found === undefined) {
    throw new InvalidInputError(
      `the batch has no "${name}" (${what}), got ${Object.keys(batch).join(', ') || 'nothing'}: add it, or name another`,
    )
  }
  return found
}

/** The input `name` of the graph, declared in the shape of the batch's where it is not there yet. */
export function inputOf(graph: GraphBuilder, batch: Tensors, name: string, what: string): Value {
  const { type, dims } = batchTensor(batch, name, what)
  return graph.has(name) ? name : graph.input(name, type, dims)
}

/** A float32 constant scalar. */
export const number = (graph: GraphBuilder, value: number): Value =>
  graph.constant({ type: 'float32', dims: [], data: Float32Array.of(value) })

/** A list of whole numbers. */
export const integers = (graph: GraphBuilder, values: readonly number[]): Value =>
  graph.constant({ type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) })

/** Throws `InvalidInputError` where a batch's tensor has another shape: broadcasting would hide the mistake. */
export function checkDims(batch: Tensors, name: string, what: string, expected: readonly number[]): void {
  const { dims } = batchTensor(batch, name, what)
  if (dims.length === expected.length && dims.every((dim, i) => dim === expected[i])) return
  throw new InvalidInputError(
    `"${name}" (${what}) has the shape [${dims.join(', ')}], expected [${expected.join(', ')}]: reshape it`,
  )
}
