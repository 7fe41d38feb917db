import type { Tensors } from '../runtime/index.ts'
import type { LossTerm } from './losses/index.ts'
import type { Optimiser } from './optimisers/index.ts'
import type { ParameterGroup } from './parameter-groups.ts'

export interface StepOptions {
  /** An example of every input of the step, targets included: the step is made for these shapes and types. */
  readonly batch: Tensors
  readonly losses: readonly LossTerm[]
  readonly optimiser: Optimiser
  /** Which parameters are trained, by name; the others stay inside the graph as they are. Default: all. */
  readonly trainable?: (name: string) => boolean
  /** Of the others, those that change elsewhere between steps: they are inputs of the step. Default: none. */
  readonly held?: (name: string) => boolean
  readonly groups?: readonly ParameterGroup[]
  /** Whether other steps, on other parameters, go on with what the optimiser keeps. Default: no. */
  readonly shared?: boolean
  /** The largest norm that all gradients together may have; default: none. */
  readonly clipNorm?: number
  /**
   * Whether batch normalisation uses its running statistics as constants (`fixed`, the default: right for fine-tuning on
   * few rows), or each batch's own, and updates the running ones (`batch`: for training from scratch), or for each channel
   * the one or the other (`stochastic`: the batch says which, see `normalisationChoices`). Normalisations whose scale and
   * bias are both frozen stay fixed; those that are `held` are not frozen.
   */
  readonly batchNormalisation?: 'fixed' | 'batch' | 'stochastic'
  /** Whether the step keeps an average of the weights beside them, which moves by the input `average_part`. */
  readonly average?: boolean
  /** Inputs whose gradients the step gives too, as `grad/NAME`, not clipped: for what lies before the model. */
  readonly inputGradients?: readonly string[]
}
