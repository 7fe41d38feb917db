import { percent, pointsBetween } from '../text.ts'
import type { TuningReportData } from './tuning-report.ts'

/** What came of tuning, in plain words. */
export interface TuningVerdict {
  readonly tone: 'helped' | 'hurt' | 'level' | 'unknown'
  readonly headline: string
  /** Sentences that belong below it. */
  readonly details: readonly string[]
}

/** The score of rows that nothing was chosen by, where there are such, else of those that chose the epoch. */
function compared({ run, scored }: TuningReportData) {
  const { scores, test } = run
  const { head } = scores
  return scores.test !== null
    ? { score: scores.test, head: head.test, rows: test?.rows ?? null, what: scored?.rows ?? 'test rows' }
    : { score: scores.validation, head: head.validation, rows: null, what: scored?.rows ?? 'rows held out' }
}

/** Says how much of the new classes is told apart, beside the head on fixed features, and how sure that is. */
export function verdictOfTuning(data: TuningReportData): TuningVerdict {
  const { strategy, run } = data
  const { score, head, rows, what } = compared(data)
  const broken = run.interrupted ? ['Training was interrupted: these are the best weights until then.'] : []
  if (score === null) {
    const details = ['No labelled rows were kept aside, so how well new rows are told apart is not known.', ...broken]
    return { tone: 'unknown', headline: `${strategy.name}: not scored`, details }
  }
  const said = `${strategy.name}: ${percent(score)} of ${what}`
  if (head === null) return { tone: 'unknown', headline: said, details: broken }
  const points = pointsBetween(score, head)
  const tone = points > 0 ? 'helped' : points < 0 ? 'hurt' : 'level'
  const size = `${Math.abs(points).toFixed(1)} ${Math.abs(points) === 1 ? 'point' : 'points'}`
  const place = { helped: `${size} above`, hurt: `${size} below`, level: 'level with' }[tone]
  const headline = `${said} — ${place} a head on fixed features (${percent(head)})`
  return { tone, headline, details: [meaning(data, tone, chancePoints(score, head, rows)), ...broken] }
}

function meaning({ run }: TuningReportData, tone: 'helped' | 'hurt' | 'level', chance: string | null): string {
  if (run.bestEpoch === 0) {
    return 'Training was not clearly better than the head on fixed features, so its weights were kept.'
  }
  if (tone === 'level') return 'Training more than the head made no difference to the score.'
  if (chance !== null)
    return `That may be chance: with so many rows a difference below about ${chance} points is not certain.`
  return tone === 'helped'
    ? 'Training more than the head helped.'
    : 'Training more than the head hurt: keep more blocks, lower the learning rate, or take the head alone.'
}

/** Where two shares differ by less than two standard errors at this many rows: those errors in points. */
function chancePoints(score: number, reference: number, rows: number | null): string | null {
  if (rows === null || rows === 0) return null
  const width = 1.96 * Math.sqrt((score * (1 - score) + reference * (1 - reference)) / rows)
  return Math.abs(score - reference) < width ? (width * 100).toFixed(1) : null
}
