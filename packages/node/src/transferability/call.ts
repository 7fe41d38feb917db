import type { ClassSplit, TransferRun, TransferSummary } from 'graft-learn'
import type { TuneWatch } from '../tune/call.ts'

export const networkNames = ['lenet', 'cnn', 'mlp'] as const

export type NetworkName = (typeof networkNames)[number]

/** What `graft transferability` is asked for. */
export interface TransferabilityCall {
  /** A table whose rows are square images, or a folder of images by class. */
  readonly data?: string | undefined
  /** A pretrained network whose first filters are drawn; without `data`, nothing else is done. */
  readonly model?: string | undefined
  /** Default `cnn`; `mlp` takes any table. */
  readonly network?: NetworkName
  /** Repetitions; default 5. */
  readonly seeds?: number
  readonly epochs?: number
  readonly batch?: number
  readonly rate?: number
  /** Names of the classes of task A, all others being task B; default: random halves, others for each repetition. */
  readonly split?: readonly string[]
  readonly cuts?: readonly number[]
  /** The most rows of each class to train on. */
  readonly rows?: number
  /** The same for task A, where it is another number. */
  readonly sourceRows?: number
  readonly heldOut?: number
  /** Pixels of a side that the images of a folder are brought to; default 32. */
  readonly size?: number
  /** Of images in a folder, default `rgb`; of a model's filters. */
  readonly channels?: 'rgb' | 'bgr' | 'grey'
  readonly label?: string
  readonly drop?: readonly string[]
  readonly resume?: boolean
  readonly figures?: boolean
  /** Default `graft-out`. */
  readonly out?: string
  readonly seed?: number
  readonly threads?: number
  /** The command line that makes it again, for the report. */
  readonly command?: string
}

/** Where the experiment says how it goes; where its signal aborts, what is finished is written. */
export type TransferabilityWatch = TuneWatch

/** What decides the numbers: two calls with the same can share runs. */
export interface TransferabilitySettings {
  readonly network: NetworkName
  readonly seed: number
  readonly repetitions: number
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly heldOut: number
  readonly rowsPerClass: number | null
  readonly sourceRowsPerClass: number | null
  readonly split: 'random' | ClassSplit
  readonly cuts: readonly number[] | null
}

/** What `graft transferability --json` prints, and `transferability.json` holds. */
export interface Transferability {
  readonly command: 'transferability'
  readonly version: string
  readonly data: {
    readonly file: string
    readonly rows: number
    readonly classes: readonly string[]
    /** Of an image; null where rows are no images. */
    readonly image: { readonly channels: number; readonly size: number } | null
  }
  readonly settings: TransferabilitySettings
  readonly layers: readonly string[]
  /** Names of the classes of both tasks, for each repetition that was begun. */
  readonly splits: readonly { readonly a: readonly string[]; readonly b: readonly string[] }[]
  /** Runs that were planned; fewer in `runs` where the experiment was interrupted. */
  readonly planned: number
  readonly runs: readonly TransferRun[]
  readonly summary: TransferSummary
  readonly interrupted: boolean
  readonly seconds: { readonly total: number }
  readonly files: Readonly<Record<string, string>>
}

/** What is printed for a pretrained network alone. */
export interface FiltersDrawn {
  readonly command: 'transferability'
  readonly version: string
  readonly model: string
  readonly filters: { readonly parameter: string; readonly count: number; readonly channels: number }
  readonly files: Readonly<Record<string, string>>
}
