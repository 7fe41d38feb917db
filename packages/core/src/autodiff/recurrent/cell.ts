import type { TypedValue } from '../typed-value.ts'
import type { Sequence } from './sequence.ts'

/** The loss' gradients within one direction. What is a function is written to the graph only where it is asked for. */
export interface SequenceGradient {
  /** By the inputs' products with their weights, `T·B × G·H`. */
  readonly products: TypedValue
  /** By the recurrent products at each step, to which the recurrent bias is added, `T·B × G·H`. */
  readonly recurrentProducts: TypedValue
  /** By the recurrent weights, `G·H × H`. */
  readonly recurrent: () => TypedValue
  /** By the first states, `B × H`. */
  readonly firstHidden: TypedValue
  readonly firstCell?: TypedValue
  /** By the peepholes, `3·H`. */
  readonly peepholes?: () => TypedValue
}

/** The cell of a recurrent operator. */
export interface Cell {
  /** How many gates it has. */
  readonly gates: number
  /** The activations that it has where a node names none. */
  readonly activations: readonly string[]
  readonly gradient: (sequence: Sequence) => SequenceGradient
}
