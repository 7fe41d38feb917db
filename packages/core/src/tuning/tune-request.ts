import type { Block } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { CheckpointStore } from '../training/index.ts'
import type { DepthChoice } from './depth.ts'
import type { TunedEpoch } from './fine-tune.ts'
import type { Forgetting } from './forgetting.ts'
import type { TuningRows } from './tuning-rows.ts'

/** A pretrained network, rows of new classes, and how to bring them together. */
export interface TuneRequest {
  readonly runtime: Runtime
  readonly model: Model
  /** Sizes of one row of its input, where the file leaves them open. */
  readonly dims?: readonly number[] | undefined
  /** The value to put the new head on; default: what `describeNetwork` suggests. */
  readonly features?: string | undefined
  readonly training: TuningRows
  /** Rows to choose the epoch by; default: some of the training rows, see the setting `validation`. */
  readonly validation?: TuningRows | undefined
  readonly classes: number
  readonly strategy: string
  /** The strategy's settings, by name. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Those of `tuningSettings`, by name. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** How many of the first blocks are kept as they are; default: what the strategy keeps. */
  readonly reuse?: number | 'auto' | undefined
  readonly epochs: number
  readonly seed?: number
  /** Whether `training.fetch` varies rows with the view. */
  readonly augmented?: boolean
  /** Rows of the task that the network knows, labelled by the columns of its old head. */
  readonly oldTask?: TuningRows | undefined
  /** The output of the old head; default: the first that gives classes. */
  readonly oldOutput?: string | undefined
  /** A place for checkpoints of a training, by its name. */
  readonly checkpoints?: (training: string) => Promise<CheckpointStore>
  readonly hooks?: TuneHooks
  /** Ends training after the step under way: the best so far is kept. */
  readonly signal?: AbortSignal | undefined
}

export interface TuneHooks {
  /** Work that is done piece by piece: what, how many, of how many. */
  readonly onProgress?: (what: string, done: number, total: number) => void
  readonly onEpoch?: (epoch: TunedEpoch, epochs: number) => void
  readonly onWarning?: (message: string) => void
}

export interface TuneResult {
  /** With defaults: those of training, and the strategy's own. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
  /** The tuned network: input as before; outputs `logits` (`N × classes`) and `embedding` (`N × d`). */
  readonly model: Model
  /** The network before: pretrained weights, and the head fitted to its features. */
  readonly start: Model
  readonly blocks: readonly Block[]
  /** How many of the first blocks were kept, and why. */
  readonly depth: DepthChoice
  readonly trainable: { readonly parameters: number; readonly tensors: number }
  readonly epochs: readonly TunedEpoch[]
  /** How many epochs the weights went through: 0 where they are those of the head on fixed features. */
  readonly epoch: number
  readonly validation: {
    readonly rows: number
    /** Null where no rows were held out. */
    readonly accuracy: number | null
    /** Of the head on fixed features, on the same rows; null too where the part that is trained started afresh. */
    readonly start: number | null
  }
  /** The penalty of the head on fixed features and its accuracy by cross-validation; null where it started at zero. */
  readonly head: { readonly c: number; readonly accuracy: number | null } | null
  /** Whether the weights are those of a second training, on all rows. */
  readonly refitted: boolean
  /** The accuracy on the old task before and after; null where there are no rows of it. */
  readonly forgetting: Forgetting | null
  readonly facts: Readonly<Record<string, number | string>>
  /** Running the kept part, fitting the head, trying depths, training. */
  readonly seconds: { readonly base: number; readonly head: number; readonly depth: number; readonly train: number }
  readonly aborted: boolean
}
