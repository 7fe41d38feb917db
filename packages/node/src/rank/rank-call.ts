/** What `graft rank` is asked for. */
export interface RankCall {
  /** `.onnx` files, or folders in the Hugging Face layout. */
  readonly models: readonly string[]
  /** A folder of images by class, or a table whose columns are the models' input. */
  readonly train: string
  /** Whether every place to cut is ranked, and not only the suggested features. */
  readonly layers?: boolean
  /** Ids; default: all that suit the task. */
  readonly scores?: readonly string[]
  /** Default `classification`. */
  readonly task?: 'classification' | 'regression'
  /**
   * How images are prepared: one value for all models, or one for each, where `auto` leaves the choice to the model's own
   * files.
   */
  readonly preset?: readonly string[]
  readonly size?: readonly string[]
  readonly mean?: readonly string[]
  readonly std?: readonly string[]
  readonly channels?: readonly string[]
  readonly label?: string
  readonly drop?: readonly string[]
  /** Where features are kept for the next call; default: the cache of all commands. */
  readonly cache?: string
  /** Where the result goes as `ranking.json`, where asked for. */
  readonly out?: string
  readonly seed?: number
  readonly threads?: number
}

/** Where ranking says how it goes. */
export interface RankHooks {
  readonly warn: (text: string) => void
  readonly progress: (label: string, done: number, total: number) => void
  /** Something is on disk that the next call need not compute again. */
  readonly saved?: (what: string) => void
}

/** One model, or one layer of a model, with its scores. */
export interface RankedModel {
  readonly model: string
  /** The value in the model that gives the features. */
  readonly features: string
  /** The block that ends with it. */
  readonly block: string
  /** Sizes of one row of the features; places (height and width, tokens) are averaged over. */
  readonly dims: readonly number[]
  /** Numbers that are left of a row. */
  readonly width: number
  /** By id; null where the model has no such score. Higher is better. */
  readonly scores: Readonly<Record<string, number | null>>
  /** Why a score is null, by id. */
  readonly missing: Readonly<Record<string, string>>
  /** The mean of its places among the others, from 0, the best in all scores, to 1. */
  readonly meanPlace: number
  /** From 1, the best. */
  readonly rank: number
}

/** What `graft rank --json` prints. */
export interface Ranking {
  readonly command: 'rank'
  readonly version: string
  readonly train: {
    readonly file: string
    readonly rows: number
    readonly task: 'classification' | 'regression'
    readonly classes: readonly string[]
  }
  readonly seed: number
  /** The scores asked for, in order. */
  readonly scores: readonly { readonly id: string; readonly name: string; readonly better: 'higher' }[]
  /** Best first. */
  readonly models: readonly RankedModel[]
  /** Where asked for with `--out`. */
  readonly files?: { readonly ranking: string }
  readonly seconds: { readonly features: number; readonly scores: number; readonly total: number }
}
