import { InvalidInputError } from '../errors.ts'
import type { Model } from '../onnx/index.ts'
import type { Random, Tensor } from '../tensor/index.ts'
import { checkSplit, type SplitChoice } from './class-split.ts'
import type { CopyTreatment, PlannedRun } from './treatments.ts'

/** Labelled rows of all classes. */
export interface LayerTransferData {
  /** `N × …`, float32, in the form that the network takes. */
  readonly inputs: Tensor
  /** A class number from 0 for each row; a negative one leaves the row out. */
  readonly labels: Int32Array
  readonly classes: number
}

/** What came of one network. */
export interface TransferRun extends PlannedRun {
  /** `A3B+`, `baseB`: see `runName`. */
  readonly name: string
  /** On the rows of its task that were held out. */
  readonly accuracy: number
  readonly trainAccuracy: number
  /** The mean loss of the last epoch. */
  readonly loss: number
}

/** Keeps the trained bases, so that an experiment can be gone on with. */
export interface BaseStore {
  read(repetition: number, task: 'A' | 'B'): Promise<Model | undefined>
  write(repetition: number, task: 'A' | 'B', model: Model): Promise<void>
}

export interface LayerTransferOptions {
  readonly data: LayerTransferData
  /**
   * A fresh network for so many classes, with one input and one output of scores. All that it makes must have the same
   * layers but for the last, the classifier, which ends with as many units as there are classes.
   */
  readonly network: (classes: number, random: Random) => Model
  /** Default `random`. */
  readonly split?: SplitChoice | undefined
  /** How many layers are copied, each number in turn; default: from 1 to all but the last. */
  readonly cuts?: readonly number[] | undefined
  /** Default: all. */
  readonly treatments?: readonly CopyTreatment[] | undefined
  /** How often all is repeated, with other classes (where the split is random), rows and weights; default 5. */
  readonly repetitions?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  /** Default 20. */
  readonly epochs?: number | undefined
  /** Default 32. */
  readonly batchSize?: number | undefined
  /** Default 0.002. */
  readonly learningRate?: number | undefined
  /** Default 0. */
  readonly weightDecay?: number | undefined
  /** The part of each class's rows that is held out to score on; default 0.25. */
  readonly heldOut?: number | undefined
  /** The most rows of each class to train on; default: all that are not held out. */
  readonly rowsPerClass?: number | undefined
  /** The same for task A, where it has other than `rowsPerClass`: as when a network learnt from plenty is transferred. */
  readonly sourceRowsPerClass?: number | undefined
  /** Runs of the same experiment that were finished before: they are not repeated. */
  readonly finished?: readonly TransferRun[] | undefined
  readonly bases?: BaseStore | undefined
  /** Called after each run with the trained network. */
  readonly onRun?: ((run: TransferRun, model: Model) => void | Promise<void>) | undefined
  /** Called after each epoch: how many of all runs are done, fractions counted. */
  readonly onProgress?: ((name: string, done: number, total: number) => void) | undefined
  /** Ends the experiment at the next step; runs finished so far are returned. */
  readonly signal?: AbortSignal | undefined
}

/** Throws `InvalidInputError` for data and settings that do not fit. */
export function checkOptions({ data, split = 'random', repetitions = 5, heldOut = 0.25 }: LayerTransferOptions): void {
  const { inputs, labels, classes } = data
  if (inputs.dims[0] !== labels.length) {
    throw new InvalidInputError(`the data has ${inputs.dims[0]} rows and ${labels.length} labels: give one each`)
  }
  const over = labels.find((label) => label >= classes)
  if (over !== undefined) throw new InvalidInputError(`the data has a label ${over}, but ${classes} classes`)
  if (!Number.isSafeInteger(repetitions) || repetitions < 1) {
    throw new InvalidInputError(`repetitions are a whole number of 1 or more, got ${repetitions}`)
  }
  if (!(heldOut > 0 && heldOut < 1)) throw new InvalidInputError(`heldOut lies between 0 and 1, got ${heldOut}`)
  checkSplit(classes, split)
}
