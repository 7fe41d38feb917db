import type { z } from 'zod'
import type { TransferProblem } from '../data/index.ts'
import type { Stage } from '../onnx/index.ts'
import type { Paper } from '../paper.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix, Random } from '../tensor/index.ts'
import type { NetworkChoice } from './deep/network/deep-network.ts'
import type { DeepHistory } from './deep/trainer/deep-history.ts'
import type { DeepHooks } from './deep/trainer/train-stage.ts'

export type Family = 'baseline' | 'instance' | 'feature' | 'parameter' | 'relation' | 'deep'

/** What a method can work with. */
export interface Needs {
  readonly sourceLabels: 'all' | 'some' | 'none'
  /** `none`: uses none, but may profit from some; `some`: cannot work without. */
  readonly targetLabels: 'none' | 'some'
  /** Whether source and target must have the same columns. */
  readonly features: 'same' | 'different'
  /** What can be predicted: classes, numbers, or either. */
  readonly task: 'classification' | 'regression' | 'either'
  /** How memory grows with the rows; where it is quadratic (always, or by a setting), `requireMemory` refuses what would not fit. */
  readonly memory: 'linear' | 'quadratic' | 'quadratic by setting'
  /** Rows that are known in both domains: `used` where given, `required`, or (absent) ignored. */
  readonly pairs?: 'used' | 'required'
}

/** Rows with labels to learn from, as a method hands them to the classifier. */
export interface LabelledRows {
  /** `n × k`. */
  readonly features: Matrix
  /** `n` class indices; rows that are `UNLABELLED` are left out. In regression 0 for each labelled row. */
  readonly labels: Int32Array
  /** In regression, the `n` numbers to learn. */
  readonly values?: Float64Array
  /** `n` weights of the rows, all 1 when absent. */
  readonly sampleWeights?: Float64Array
}

/** What a method may use besides the problem. */
export interface MethodContext {
  readonly runtime: Runtime
  readonly random: Random
  /** Says how far along the work is; `done` of `total` steps. */
  readonly progress: (done: number, total: number) => void
  /** Stops the work between two steps. */
  readonly signal?: AbortSignal
  /**
   * Fits the classifier that the user chose: a stage from embedding to class probabilities, `N × classes`; in regression
   * to the predicted numbers, `N × 1`.
   */
  readonly classify: (rows: LabelledRows) => Promise<Stage>
  /** Whether that classifier changes with the rows' weights (a single nearest neighbour does not). */
  readonly usesWeights: boolean
  /** Bytes that the work may take, for `requireMemory`. */
  readonly memoryLimit: number
  /** What deep methods train. Default: a perceptron. */
  readonly network?: NetworkChoice
  /** How the training of deep methods is watched, kept and gone on with. */
  readonly deep?: DeepHooks
}

/** A fitted method: where the rows went, and what new target rows go through. */
export interface Transfer {
  /** The pooled source rows in the space where the classifier works, `n_s × k`, in their own order. */
  readonly source: Matrix
  /** The unlabelled target rows there, `n_t × k`, in their own order. */
  readonly target: Matrix
  /** From prepared target rows (`N × d`) to that space. */
  readonly embed: Stage
  /** From that space to class probabilities (`N × classes`), or in regression to the predicted numbers (`N × 1`). */
  readonly classifier: Stage
  /** Set where the classifier gives one more column, the last: the probability of a class that the source lacks. */
  readonly unknown?: true
  /** Weights that the method gave to the sources, where it weighs them. */
  readonly sourceWeights?: Float64Array
  /** How training went, where a network was trained. */
  readonly training?: DeepHistory
  /** What was chosen or reached while fitting (a dimension, a bandwidth, an objective), for the report. */
  readonly facts?: Readonly<Record<string, number | string>>
}

/** A method of transfer: everything that the catalogue, the command line, the documents and the forms say of it. */
export interface Method<Options extends z.ZodObject = z.ZodObject> {
  readonly id: string
  readonly name: string
  readonly family: Family
  readonly paper: Paper | null
  /** One sentence: what it does to the data. */
  readonly summary: string
  /** Work in rows `n` and features `d`, as `O(…)`. */
  readonly cost: string
  readonly needs: Needs
  /** Set where it trains a network, which predicts; the classifier is then not used. */
  readonly network?: true
  /** Settings with defaults; every field has a description. */
  readonly options: Options
  fit(problem: TransferProblem, options: z.output<Options>, context: MethodContext): Promise<Transfer>
}

/** Declares a method with its options' types kept. */
export const defineMethod = <Options extends z.ZodObject>(method: Method<Options>): Method<Options> => method
