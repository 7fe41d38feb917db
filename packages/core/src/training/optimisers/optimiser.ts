import type { Ops, TypedValue } from '../../autodiff/index.ts'

/** What an update reads and gives: a parameter and what the optimiser remembers of it. */
export interface Update {
  readonly parameter: TypedValue
  /** By the names in `state`. */
  readonly state: Readonly<Record<string, TypedValue>>
}

/** An update's operators and scalars. */
export interface UpdateContext {
  readonly ops: Ops
  /** The step's learning rate for this parameter: a scalar of its type. */
  readonly rate: TypedValue
  /** The parameter's weight decay. */
  readonly weightDecay: number
  /** The scalars that `scalars` names, of the parameter's type. */
  readonly scalars: Readonly<Record<string, TypedValue>>
}

/** A rule for updating parameters: operators to append to a step, and what is carried from one step to the next. */
export interface Optimiser {
  readonly name: string
  /** Names of the tensors kept for each parameter, in its shape; all start at zero. */
  readonly state: readonly string[]
  /** Scalars that depend on the number of the step (from 1) alone; given to the step as inputs. */
  readonly scalars: (step: number) => Readonly<Record<string, number>>
  /** Weight decay where a group does not say otherwise. */
  readonly weightDecay: number
  readonly update: (context: UpdateContext, before: Update, gradient: TypedValue) => Update
}
