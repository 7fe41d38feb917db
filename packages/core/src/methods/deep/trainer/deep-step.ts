import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import type { Tensors } from '../../../runtime/index.ts'
import type { ElementType, Random } from '../../../tensor/index.ts'
import type { Schedule } from '../../../training/index.ts'
import type { HiddenLayer } from '../network/deep-network.ts'

/** What the network makes of some rows of a batch. */
export interface DomainValues {
  readonly rows: number
  /** The network's input, `rows × dims`. */
  readonly input: Value
  /** Its hidden layers, `rows × width` each, first to last. */
  readonly layers: readonly Value[]
  /** The last of them: what the classifier reads. */
  readonly features: Value
  /** `rows × outputs`. */
  readonly logits: Value
}

/** Rows whose classes are known. */
export interface LabelledValues extends DomainValues {
  /** `rows` class indices, int64. */
  readonly labels: Value
}

/** A training step under construction: what a method adds its networks and losses to. */
export interface DeepStep {
  readonly graph: GraphBuilder
  readonly random: Random
  /** Classes of the task. */
  readonly classes: number
  /** Hidden layers with their widths, as `layers` of `DomainValues` has them. */
  readonly layers: readonly HiddenLayer[]
  /** The length of a row of features. */
  readonly width: number
  /** The rows of all sources; of none in a stage that uses the target alone. */
  readonly source: LabelledValues
  /** The same by source. */
  readonly sources: readonly LabelledValues[]
  readonly target: DomainValues
  /** Further views of the target's rows, as the stage's `views` make them. */
  readonly views: readonly DomainValues[]
  /** Target rows whose labels were given. */
  readonly labelled?: LabelledValues
  /** The classifier on other features (`n × width`); `fixed`: no gradient reaches its weights. */
  classify(features: Value, options?: { readonly fixed?: boolean }): Value
  /** Adds a network of its own, whose stored tensors become trained parameters of the group `name`. */
  extra<T>(name: string, build: (graph: GraphBuilder) => T): T
  /** A scalar that changes over the stage. */
  scalar(name: string, schedule: Schedule): Value
  /** An input that the stage's `inputs` gives before each step. */
  input(name: string, type: ElementType, dims: readonly number[]): Value
  /** Adds a loss, a scalar, with a factor that may change over the stage; default 1. */
  loss(name: string, value: Value, weight?: number | Schedule): void
  /** Adds a scalar that is reported with the losses and not minimised. */
  measure(name: string, value: Value): void
}

/** Inputs of a step besides rows and labels, by name. */
export type FurtherInputs = Tensors
