import type { Tensors } from '../runtime/index.ts'
import type { Averaging } from './averaging.ts'
import type { CheckpointStore } from './checkpoint.ts'
import { checkCount } from './checks.ts'
import type { Predict } from './evaluation.ts'
import type { StepResult } from './run-step.ts'
import type { Schedule } from './schedules/index.ts'
import type { StepOptions } from './step-options.ts'
import type { TrainingData } from './training-data.ts'
import type { Turn } from './turns.ts'

/** One epoch of training. */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number
  /** The mean of the steps' losses, each weighing as many rows as it had. */
  readonly loss: number
  /** The same of each loss by its name, before its weight. */
  readonly losses: Readonly<Record<string, number>>
  /** The mean norm of the steps' gradients before clipping, where they are clipped. */
  readonly gradientNorm?: number
  /** The learning rate of the epoch's last step. */
  readonly learningRate: number
  /** The validation score, where there is validation. */
  readonly score?: number
  /** What the option `notes` gave. */
  readonly notes?: Readonly<Record<string, number>>
}

/** One step of training. */
export interface StepRecord extends Omit<StepResult, 'state'> {
  /** Counted from 1 over the whole training. */
  readonly step: number
  readonly steps: number
  readonly epoch: number
  readonly learningRate: number
}

export interface Validation {
  /** A score of the weights of the moment, finite, higher being better: `predict` runs the model with them. */
  readonly score: (predict: Predict, weights: Tensors) => Promise<number>
  /** Training ends after this many epochs in a row without a better score; default: never. */
  readonly patience?: number
}

/** Numbers by name that are kept with an epoch. */
type Notes = Readonly<Record<string, number>>

/** A batch that is about to be trained on. */
export interface BatchMoment {
  readonly rows: Int32Array
  /** Counted from 1. */
  readonly epoch: number
  /** Counted from 0 within the epoch. */
  readonly step: number
  readonly batch: Tensors
  /** What predicts now: parameters and running statistics by name, averages where they are kept. */
  readonly weights: Tensors
}

export interface TrainOptions extends Omit<StepOptions, 'batch' | 'average' | 'held'> {
  readonly data: TrainingData
  /** Several updates on each batch, instead of the one by `losses` and `trainable`, which then do not count. */
  readonly turns?: readonly Turn[]
  /** Further inputs of a step that depend on the weights of the moment; it may be asked twice for the same one. */
  readonly inputs?: (moment: BatchMoment) => Tensors | Promise<Tensors>
  readonly epochs: number
  readonly batchSize: number
  readonly schedule: Schedule
  /** Other scalars that change from step to step, such as a loss' factor: inputs of the step, by name. */
  readonly scalars?: Readonly<Record<string, Schedule>>
  /** Decides the order of the rows; default 0. */
  readonly seed?: number
  /** Keeps the weights of the epoch with the best score. */
  readonly validation?: Validation
  /** The weights that count are an average: they are validated, and returned. */
  readonly averaging?: Averaging
  /** Called after each step; what it throws ends the training, and checkpoints written so far remain good. */
  readonly onStep?: (record: StepRecord) => void | Promise<void>
  /** Numbers to keep with an epoch's record, of the weights that it ended with. */
  readonly notes?: (weights: Tensors) => Notes | Promise<Notes>
  /** Called after each epoch, before its checkpoint is written. */
  readonly onEpoch?: (record: EpochRecord) => void | Promise<void>
  /** Stops after the step under way; what is returned is the best so far, and a checkpoint is written. */
  readonly signal?: AbortSignal
  /**
   * Where to keep checkpoints. Training goes on from the newest whole one that it holds, with the same result as if it
   * had never stopped, and refuses one that other settings, another model or other starting weights belong to.
   */
  readonly checkpoints?: CheckpointStore
  /** Steps between checkpoints; one is written at the end of each epoch in any case. */
  readonly checkpointEvery?: number
  /** Told of checkpoints that cannot be used. */
  readonly onWarning?: (message: string) => void
}

/** Throws `InvalidInputError` for numbers that are out of range. */
export function checkOptions({ data, epochs, batchSize, checkpointEvery, validation }: TrainOptions): void {
  checkCount('epochs', epochs)
  checkCount('batchSize', batchSize)
  checkCount('data.rows', data.rows)
  if (checkpointEvery !== undefined) checkCount('checkpointEvery', checkpointEvery)
  if (validation?.patience !== undefined) checkCount('validation.patience', validation.patience)
}
