/** A label space (Pan and Yang 2010): the classes that rows are told apart into, by name, in a fixed order. */
export interface Task {
  readonly kind: 'classification'
  /** Names; a label is an index into them. */
  readonly classes: readonly string[]
}

/** The label of a row that has none. */
export const UNLABELLED = -1
