import { join } from 'node:path'
import { type AdaptResult, version } from 'graft-learn'
import type { Baseline, NumbersReport, RunReport } from '../report/report-data.ts'
import type { AdaptCall } from './call.ts'
import type { Outcome, Scores, SourceResult } from './outcome.ts'
import { scoredRows, type TransferData } from './transfer-data.ts'

/** A method that is through: what the report says of it, and what the command prints. */
export interface Run {
  readonly report: RunReport
  readonly outcome: Outcome
}

/** What an outcome is put together from. */
export interface OutcomeParts {
  readonly call: AdaptCall
  readonly data: TransferData
  readonly plan: { readonly scale: string }
  readonly result: AdaptResult
  readonly report: Pick<RunReport, 'score' | 'shift' | 'numbers'>
  readonly baseline: Baseline | null
  /** Each source by itself, where there are several. */
  readonly perSource?: readonly SourceResult[] | undefined
  readonly seconds: Outcome['seconds']
  readonly out: string
  readonly files: { readonly model: string; readonly predictions: string }
}

/** Puts the object together that `graft adapt --json` prints. */
export function outcomeOf({
  call,
  data,
  plan,
  result,
  report,
  baseline,
  perSource,
  seconds,
  out,
  files,
}: OutcomeParts): Outcome {
  const { read, fit, predict, total } = seconds
  return {
    command: 'adapt',
    version,
    method: result.method.id,
    classifier: result.method.network ? 'network' : result.classifier.id,
    options: result.options,
    classifierOptions: result.method.network ? {} : result.classifierOptions,
    scale: plan.scale,
    seed: call.seed ?? 0,
    source: data.files.sources,
    target: { ...data.files.target, labelled: 0, scored: data.truth === null ? 0 : scoredRows(data.truth) },
    ...(data.files.labelledTarget === undefined ? {} : { labelledTarget: data.files.labelledTarget }),
    ...(data.pairs === undefined || call.pairs === undefined
      ? {}
      : { pairs: { file: call.pairs, rows: data.pairs.source.length } }),
    task: data.task.kind,
    classes: result.classes,
    scores: report.score === null ? null : scoresOf(data.task.kind, report.score, baseline, report.numbers),
    ...(perSource === undefined ? {} : { sources: perSource }),
    ...(result.sourceWeights === undefined ? {} : { sourceWeights: [...result.sourceWeights] }),
    shift: report.shift,
    facts: result.facts,
    ...(result.training && { training: result.training }),
    seconds: { read, fit, predict, total },
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    files: { ...files, report: join(out, 'report.html') },
  }
}

function scoresOf(
  kind: 'classification' | 'regression',
  adapted: number,
  baseline: Baseline | null,
  numbers?: NumbersReport,
): Scores {
  return {
    metric: kind === 'regression' ? 'r2' : 'accuracy',
    sourceOnly: baseline?.name === 'source only' ? baseline.score : null,
    ...(baseline?.name === 'target only' ? { targetOnly: baseline.score } : {}),
    adapted,
    ...(numbers === undefined ? {} : { mae: numbers.mae, rmse: numbers.rmse }),
  }
}
