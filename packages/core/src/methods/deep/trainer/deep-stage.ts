import type { Model } from '../../../onnx/index.ts'
import type { Tensors } from '../../../runtime/index.ts'
import type { Tensor } from '../../../tensor/index.ts'
import type { Averaging, Optimiser, Schedule, StepOptions } from '../../../training/index.ts'
import type { BatchLayout, Uses } from './batch-layout.ts'
import type { DeepStep } from './deep-step.ts'
import type { DrawnRows, View } from './domain-batches.ts'
import type { NetworkOutputs } from './network-outputs.ts'

/** One of several updates of each batch: its own losses, by their factors, and its own parameters. */
export interface DeepTurn {
  /** Losses by name; those not named count nothing here. */
  readonly losses: Readonly<Record<string, number | Schedule>>
  /** Groups of parameters: `backbone`, `body`, `head`, and the names of extra networks. */
  readonly trains: readonly string[]
  /** Updates in a row on the same batch; default 1. */
  readonly times?: number
}

/** What is known between two steps. */
export interface DeepMoment {
  /** Counted from 1. */
  readonly epoch: number
  readonly epochs: number
  /** Counted from 0 within the epoch. */
  readonly step: number
  readonly steps: number
  readonly rows: DrawnRows
  /** The network's input of this batch, `rows × dims`. */
  readonly input: Tensor
  readonly layout: BatchLayout
  /** Runs the network as it is now. */
  readonly network: NetworkOutputs
  /** Parameters of the network and of extra ones as they are now (averages where these are kept), by name. */
  readonly weights: Tensors
}

/** A part of a method's training with losses of its own. */
export interface DeepStage {
  /** What reports and checkpoints call it; default `adaptation`. */
  readonly name?: string
  /** Which domains its batches hold; default `both`. */
  readonly uses?: Uses
  /** Whether cross-entropy on the labelled rows of batches is among the losses, as `classification`. Default true. */
  readonly supervised?: boolean
  /** Epochs of it; default: the setting. */
  readonly epochs?: number
  /** How many rows of each domain; default: the setting. */
  readonly batchSize?: number
  /** Adds extra networks and losses. */
  readonly build?: (step: DeepStep) => void
  /** Default: one update of all groups by all losses. */
  readonly turns?: readonly DeepTurn[]
  /** Where there are no `turns`: the groups that are trained; default all. */
  readonly trains?: readonly string[]
  /** Factors on the step size by group; default: the setting for `backbone`, else 1. */
  readonly rates?: Readonly<Record<string, number>>
  /** Weight decay by group; default: the setting. */
  readonly decays?: Readonly<Record<string, number>>
  /** Another group for a parameter of the network, or one for a tensor that `rewrite` stores, which else is not trained. */
  readonly group?: (name: string) => string | undefined
  /** Default: by the settings. */
  readonly schedule?: (rate: number) => Schedule
  readonly optimiser?: Optimiser
  /** Default: batches' own statistics in networks that start at random, the stored ones in pretrained networks. */
  readonly batchNormalisation?: StepOptions['batchNormalisation']
  /** The weights that count are an average. */
  readonly averaging?: Averaging
  /** A random change of the rows with labels. */
  readonly labelledView?: View
  /** A random change of the target's rows, and further views of them, which `DeepStep.views` holds. */
  readonly view?: View
  readonly views?: readonly View[]
  /** Changes the network for this stage's training; parameters keep their names. */
  readonly rewrite?: (network: Model, layout: BatchLayout) => Model
  /** Inputs that the step was given by `DeepStep.input`, for each batch; asked again for a step that is gone on from. */
  readonly inputs?: (moment: DeepMoment) => Tensors | Promise<Tensors>
  /** Changes weights before the stage, given those that it would start from. */
  readonly before?: (network: NetworkOutputs, weights: Tensors) => Tensors | Promise<Tensors>
  /**
   * Weights and statistics to change after the stage, by name, given the network with those it ended with, and all of them:
   * those of extra networks and of a rewrite too.
   */
  readonly after?: (model: Model, network: NetworkOutputs, weights: Tensors) => Promise<Tensors>
}
