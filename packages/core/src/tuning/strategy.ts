import type { z } from 'zod'
import type { Model } from '../onnx/index.ts'
import type { Paper } from '../paper.ts'
import type { Runtime, Tensors } from '../runtime/index.ts'
import type { Random, Tensor } from '../tensor/index.ts'
import type { LossTerm, ParameterGroup, Schedule, StepOptions } from '../training/index.ts'

/** The classifier that a pretrained network came with. */
export interface OldHead {
  /** An output of the network in training, `N × classes`, which new weights change. */
  readonly output: string
  readonly kind: 'logits' | 'probabilities'
  readonly classes: number
}

/** Labelled rows of the task that the network knew before: inputs of the part that is trained. */
export interface OldTask {
  readonly rows: number
  readonly labels: Int32Array
  readonly inputs: (rows: Int32Array) => Promise<Tensor>
}

/** What a strategy works with: the part of a network after the cut, which is the part that may be trained. */
export interface StrategyContext {
  readonly runtime: Runtime
  readonly random: Random
  /**
   * One input, `input` (`N × …`); outputs `logits` (`N × classes`), `embedding` (`N × d`) and, where there is an old head,
   * its own. Weights are those that training starts from: pretrained ones, and a new head fitted to frozen features.
   */
  readonly network: Model
  readonly input: string
  /** The pretrained parameters that may be trained, block by block, first to last. */
  readonly blocks: readonly (readonly string[])[]
  /** The parameters of the new head: weight (`classes × d`) and bias. */
  readonly head: readonly string[]
  /** The parameters that only the old head has. */
  readonly oldHead?: OldHead & { readonly parameters: readonly string[] }
  /** All parameters of `network` at the start, by name. */
  readonly start: Tensors
  /** The training rows. */
  readonly rows: number
  readonly classes: number
  /** `rows` class indices. */
  readonly labels: Int32Array
  /** Inputs of the network for some training rows: the view of an epoch (from 1), or 0 for rows as they are. */
  readonly inputs: (rows: Int32Array, epoch: number) => Promise<Tensor>
  readonly oldTask?: OldTask
  readonly epochs: number
  readonly batchSize: number
  readonly progress: (what: string, done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Epochs that train the same parameters. */
export interface Phase {
  readonly epochs: number
  /** Which parameters; default: those of the plan. */
  readonly trainable?: (name: string) => boolean
}

/** What a strategy makes of training: cross-entropy on the labels, and what it adds or leaves out. */
export interface TuningPlan {
  /** The network to train, where it is another: input, outputs and parameters keep their names. */
  readonly network?: Model
  /** Losses beside the cross-entropy of `logits`. */
  readonly losses?: readonly LossTerm[]
  /** Further inputs of a step, by name: of the batch that was drawn, its rows and its epoch (from 1). */
  readonly inputs?: (input: Tensor, rows: Int32Array, epoch: number) => Promise<Tensors> | Tensors
  /** Default: all parameters but those of the old head alone. */
  readonly trainable?: (name: string) => boolean
  readonly groups?: readonly ParameterGroup[]
  readonly batchNormalisation?: StepOptions['batchNormalisation']
  /** One after the other; default: one of all epochs. */
  readonly phases?: readonly Phase[]
  /** Of the learning rate; default: half a cosine down to zero after a warm-up. */
  readonly schedule?: (rate: number) => Schedule
  /** A factor on the learning rate that the user chose, or that is taken by default. */
  readonly rate?: number
  /** Instead of the setting. */
  readonly weightDecay?: number
  /** Ends a phase after so many epochs without a better validation score. */
  readonly patience?: number
  /** What was chosen or found, for the report. */
  readonly facts?: Readonly<Record<string, number | string>>
}

/** A way to fine-tune: everything that the command line and the documents say of it. */
export interface Strategy<Options extends z.ZodObject = z.ZodObject> {
  readonly id: string
  readonly name: string
  readonly paper: Paper | null
  /** One sentence: what it does to training. */
  readonly summary: string
  /** What it cannot work without. */
  readonly needs?: { readonly oldHead?: true; readonly oldTask?: true; readonly batchNormalisation?: true }
  /** How much of the network it keeps as it is, unless told otherwise. */
  readonly reuse?: 'all'
  /** Settings with defaults; every field has a description. */
  readonly options: Options
  plan(context: StrategyContext, options: z.output<Options>): Promise<TuningPlan> | TuningPlan
}

/** Declares a strategy with its options' types kept. */
export const defineStrategy = <Options extends z.ZodObject>(strategy: Strategy<Options>): Strategy<Options> => strategy
