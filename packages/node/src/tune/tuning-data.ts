import { basename } from 'node:path'
import { embeddedPoints, type ScoredReport, scoredReport, type TuningReportData } from '../report/tuning/index.ts'
import type { TuneOutcome } from './tune-result.ts'
import type { TunedWriting } from './write-tuned.ts'

/** What the report shows: the outcome, and what the network says of the test rows. */
export async function tuningData(work: TunedWriting, outcome: TuneOutcome): Promise<TuningReportData> {
  const { call, plan, sources, start, test } = work
  const { id, name, summary, paper } = plan.strategy
  const { labels } = sources.test?.rows ?? sources.training.rows
  const { classes } = sources
  return {
    title: `${basename(outcome.model)} tuned on ${basename(sources.training.file)}`,
    command: call.command ?? '',
    strategy: { id, name, summary, paper },
    run: outcome,
    scored: await scoredTest(work),
    embedding:
      start === undefined || test === undefined
        ? null
        : {
            rows: 'test rows',
            before: embeddedPoints(start.embedding, labels, classes),
            after: embeddedPoints(test.embedding, labels, classes),
          },
  }
}

async function scoredTest({ sources, test }: TunedWriting): Promise<ScoredReport | null> {
  const source = sources.test
  if (source === undefined || test === undefined) return null
  return scoredReport({
    rows: 'test rows',
    classes: sources.classes,
    labels: source.rows.labels,
    predicted: test.predicted,
    probabilities: test.probabilities,
    names: source.names,
    ...(source.thumbnail && { thumbnail: source.thumbnail }),
  })
}
