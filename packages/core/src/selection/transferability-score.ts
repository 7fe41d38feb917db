import type { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix, Random } from '../tensor/index.ts'
import { type FeatureBases, featureBases } from './feature-bases.ts'

/** The rows of a target data set as one pretrained network sees them, and what is to be predicted of them. */
export interface ScoredRows {
  /** `n × d`: the network's features. */
  readonly features?: Matrix
  /** What scores of the same features share (`featureBases`); each makes its own where it is absent. */
  readonly bases?: FeatureBases
  /** `n × z`: the probabilities of the classes that the network was trained on. */
  readonly probabilities?: Matrix
  /** `n` class indices of the target task. */
  readonly labels?: Int32Array
  /** `n × t`: in regression, the numbers to be predicted. */
  readonly values?: Matrix
}

/** What a score may use besides the rows. */
export interface ScoreContext {
  readonly runtime: Runtime
  readonly random: Random
}

/**
 * A score that tells without training how well a pretrained network will serve a target task. Higher is better. It
 * ranks networks, or layers of one, on the same rows; its value on other rows is another scale.
 */
export interface TransferabilityScore<Options extends z.ZodObject = z.ZodObject> {
  readonly id: string
  readonly name: string
  readonly paper: { readonly authors: string; readonly year: number; readonly title: string }
  /** One sentence: what it measures. */
  readonly summary: string
  /** What it needs of the network. */
  readonly needs: 'features' | 'source probabilities'
  /** Whether it can rank for numbers to be predicted too. */
  readonly task: 'classification' | 'either'
  readonly better: 'higher'
  /** Work in rows `n`, features `d`, source classes `z` and target classes `C`, as `O(…)`. */
  readonly cost: string
  readonly options: Options
  score(rows: ScoredRows, options: z.output<Options>, context: ScoreContext): Promise<number>
}

/** Declares a score with its options' types kept. */
export const defineScore = <Options extends z.ZodObject>(
  score: TransferabilityScore<Options>,
): TransferabilityScore<Options> => score

/** A part of the rows that a score cannot do without; throws `InvalidInputError` where it is missing. */
export function requirePart<Name extends keyof ScoredRows>(
  id: string,
  rows: ScoredRows,
  name: Name,
): NonNullable<ScoredRows[Name]> {
  const part = rows[name]
  if (part !== undefined) return part
  throw new InvalidInputError(`the score "${id}" needs ${name}, and the rows have none`)
}

/** The bases of the rows' features: the shared ones, or new ones. Throws `InvalidInputError` where there are no features. */
export const basesOf = (id: string, rows: ScoredRows, { runtime }: ScoreContext): FeatureBases =>
  rows.bases ?? featureBases(runtime, requirePart(id, rows, 'features'))
