import type { Stage } from '../onnx/index.ts'
import { applyStages } from '../runtime/index.ts'
import { type Matrix, sliceRows } from '../tensor/index.ts'
import type { MethodContext, Transfer } from './method.ts'
import { labelledRows, type PooledProblem } from './rows.ts'

/**
 * Finishes a method that maps features: embeds both domains by their stages, fits the classifier on the labelled
 * rows, and keeps the target's stage for new rows.
 */
export async function featureTransfer(
  pooled: PooledProblem,
  stages: { readonly source: Stage; readonly target: Stage },
  context: MethodContext,
  facts: Readonly<Record<string, number | string>> = {},
): Promise<Transfer> {
  const source = await applyStages(context.runtime, [stages.source], pooled.source.features)
  const target = await applyStages(context.runtime, [stages.target], pooled.target.features)
  return finishTransfer(pooled, { source, target }, stages.target, context, facts)
}

/** The same where the rows of both domains (`target`: all of its rows) are embedded already. */
export async function finishTransfer(
  pooled: PooledProblem,
  embedded: { readonly source: Matrix; readonly target: Matrix },
  embed: Stage,
  context: MethodContext,
  facts: Readonly<Record<string, number | string>> = {},
): Promise<Transfer> {
  return {
    source: embedded.source,
    target: sliceRows(embedded.target, 0, pooled.unlabelled),
    embed,
    classifier: await context.classify(labelledRows(pooled, embedded.source, embedded.target)),
    facts,
  }
}
