import type { Node } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Ops } from './ops.ts'
import type { TypedValue } from './typed-value.ts'

/** A node on the way back: its values, and the gradients that arrived at its outputs. */
export interface Backward {
  /** The node, in the form it has from opset 18 on. */
  readonly node: Node
  readonly opset: number
  /** Writes to the graph; forward values may be used in it. */
  readonly ops: Ops
  /** Absent optional inputs are undefined. */
  readonly inputs: readonly (TypedValue | undefined)[]
  readonly outputs: readonly (TypedValue | undefined)[]
  /** The loss' gradient by each output, in the output's shape; undefined where the loss does not depend on it. */
  readonly gradients: readonly (TypedValue | undefined)[]
  /** Whether the gradient by the input at `index` is needed. */
  wants(index: number): boolean
  /** The numbers of a value that no run changes: a constant, or shape arithmetic. */
  known(value: TypedValue | undefined): Tensor | undefined
}

/** How the gradient passes one operator. */
export interface Rule {
  /** The operator, of ONNX's own set unless `domain` says otherwise. */
  readonly operator: string
  readonly domain?: string
  /** The inputs that a gradient passes to, by their names in the specification; for the documents. */
  readonly through: readonly string[]
  /** What is not differentiated, in a few words; for the documents. */
  readonly limits?: string
  /**
   * The gradient by each input, in the input's shape; undefined (or left out at the end) where it is zero or not
   * wanted. Throws `InvalidInputError` for a form of the operator that it cannot pass.
   */
  readonly backward: (call: Backward) => readonly (TypedValue | undefined)[]
}

/** Names the type of a rule; the table of all rules takes it from there. */
export const defineRule = (rule: Rule): Rule => rule
