import type { Tensor } from '../../tensor/index.ts'
import type { Node } from '../model.ts'
import type { Scope } from './scope.ts'

/** What a step may ask and add while it rewrites one node. */
export interface StepContext {
  /** What is known of the values that the node can see. */
  readonly known: Scope
  /** Whether a node anywhere, or whoever runs the graph, reads the value. */
  isRead(name: string): boolean
  /** A name that begins with `hint` and that no value of the model has. */
  fresh(hint: string): string
  /** Stores a tensor in the graph of the node and returns its name, which begins with `hint`. */
  constant(hint: string, value: Tensor): string
}

/** One change of an operator's form between two operator sets. */
export interface Step {
  /** The operator set that brought the new form. */
  readonly since: number
  /**
   * Rewrites a node of an older form into nodes of the form of `since`, or of a later form that no further step
   * touches. The names of the node's outputs stay; subgraphs inside the node are upgraded already.
   */
  readonly rewrite: (node: Node, context: StepContext) => readonly Node[]
}
