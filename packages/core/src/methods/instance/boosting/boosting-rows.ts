import { z } from 'zod'
import type { Stage } from '../../../onnx/index.ts'
import { type Random, sliceRows, stackRows, takeRows } from '../../../tensor/index.ts'
import type { LabelledRows, MethodContext } from '../../method.ts'
import { isLabelled, type PooledProblem } from '../../rows.ts'
import { meanOne, resampled, weightingOption } from '../../weighted-transfer.ts'

/** Settings of boosting over both domains. */
export const boostingOptions = z.strictObject({
  rounds: z
    .number()
    .int()
    .positive()
    .max(1000)
    .default(50)
    .describe('rounds of boosting; more take weight from the source in smaller steps'),
  ...weightingOption,
})

/** What boosting learns from: the labelled source rows, then the labelled target rows. */
export interface BoostingRows extends LabelledRows {
  /** How many of the rows are the source's: the first. */
  readonly sources: number
  /** How many are the target's: the others. */
  readonly targets: number
}

/** The rows of both domains that have labels, or values. */
export function boostingRows({ source, target, unlabelled }: PooledProblem): BoostingRows {
  const kept = (labels: Int32Array): Int32Array => Int32Array.from(labels.keys()).filter((i) => isLabelled(labels[i]))
  const fromSource = kept(source.labels)
  const fromTarget = kept(target.labels)
  const given = sliceRows(target.features, unlabelled, target.features.rows)
  const ofTarget = fromTarget.map((i) => i - unlabelled)
  const pick = (from: Int32Array, values: ArrayLike<number>): number[] => Array.from(from, (i) => values[i])
  return {
    features: stackRows([takeRows(source.features, fromSource), takeRows(given, ofTarget)]),
    labels: Int32Array.from([...pick(fromSource, source.labels), ...pick(fromTarget, target.labels)]),
    ...(source.values === undefined || target.values === undefined
      ? {}
      : { values: Float64Array.from([...pick(fromSource, source.values), ...pick(fromTarget, target.values)]) }),
    sources: fromSource.length,
    targets: fromTarget.length,
  }
}

/** The rows named, in ascending order, as rows of their own. */
export function someRows(rows: BoostingRows, kept: Int32Array): BoostingRows {
  const sources = kept.filter((i) => i < rows.sources).length
  return {
    features: takeRows(rows.features, kept),
    labels: kept.map((i) => rows.labels[i]),
    ...(rows.values === undefined ? {} : { values: Float64Array.from(kept, (i) => rows.values![i]) }),
    sources,
    targets: kept.length - sources,
  }
}

/**
 * Fits the user's classifier to rows with weights (of any sum): as weights of mean 1, or by drawing rows where it cannot use
 * weights or `weighting` says so.
 */
export function learn(
  rows: LabelledRows,
  weights: Float64Array,
  weighting: 'auto' | 'weights' | 'resample',
  context: MethodContext,
  random: Random,
): Promise<Stage> {
  context.signal?.throwIfAborted()
  const { features, labels, values } = rows
  const set = { features, labels, ...(values === undefined ? {} : { values }), sampleWeights: meanOne(weights) }
  const draw = weighting === 'resample' || (weighting === 'auto' && !context.usesWeights)
  return context.classify(draw ? resampled(set, random) : set)
}

/** Divides weights by their sum, in place. */
export function normalise(weights: Float64Array): void {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  for (let i = 0; i < weights.length; i++) weights[i] /= sum
}

/** The factor of the source's weights in Hedge (Freund and Schapire 1997): `β = 1 / (1 + √(2 ln n / N))`. */
export const hedgeFactor = (sources: number, rounds: number): number =>
  1 / (1 + Math.sqrt((2 * Math.log(sources)) / rounds))
