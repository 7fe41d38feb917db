import type { Matrix } from '../tensor/index.ts'

/** A feature space with a sample from its marginal distribution. */
export interface Domain {
  readonly name: string
  /** `n × d`, a row per sample. */
  readonly features: Matrix
  /** `n` class indices, `UNLABELLED` where a row has no label; absent where none is known to the method. */
  readonly labels?: Int32Array
}

/** A domain whose rows carry labels. */
export interface LabelledDomain extends Domain {
  readonly labels: Int32Array
}
