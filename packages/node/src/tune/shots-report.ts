import { basename } from 'node:path'
import { fewShotFigure } from '../few-shot/index.ts'
import { confusionFigure } from '../report/figures/confusion-figure.ts'
import { documentHtml, headerHtml } from '../report/page/document.ts'
import { figureHtml } from '../report/page/html.ts'
import { pagePalette } from '../report/palette.ts'
import { escapeHtml, percent } from '../report/text.ts'
import { scoredReport } from '../report/tuning/index.ts'
import { mistakesHtml, mistakesStyle } from '../report/tuning/mistakes-html.ts'
import type { TuneCall } from './call.ts'
import type { TuneSources } from './read-sources.ts'
import type { ScoredShots } from './score-shots.ts'
import type { ShotsOutcome } from './shots-result.ts'

export interface ShotsReport {
  readonly call: TuneCall
  readonly sources: TuneSources
  readonly outcome: Omit<ShotsOutcome, 'seconds' | 'files'>
  /** What the console says. */
  readonly lines: readonly string[]
  readonly test: ScoredShots | undefined
}

/** The report on learning from a few rows of each class, one HTML page that stands by itself. */
export async function renderShotsReport({ call, sources, outcome, lines, test }: ShotsReport): Promise<string> {
  const { fewShot, scores, version, shots, seed } = outcome
  const title = `${basename(outcome.model)}, ${shots} of each class of ${basename(sources.training.file)}`
  const headline =
    scores.test === null
      ? `${fewShot.chosen.name}: ${percent(scores.validation)} right over the episodes`
      : `${fewShot.chosen.name}: ${percent(scores.test)} of the test rows right`
  const header = headerHtml(title, { tone: 'level', headline, details: [] }, `Graft ${version} · seed ${seed}`)
  const figure = fewShotFigure(fewShot, pagePalette)
  const parts = [
    `<section><h2>Episodes</h2>${figure === null ? '' : figureHtml(figure)}<pre class="scroll">${escapeHtml(lines.join('\n'))}</pre></section>`,
    await testHtml(sources, test),
    `<section><h2>Make it again</h2><pre class="scroll"><code>${escapeHtml(call.command ?? '')}</code></pre></section>`,
  ]
  return documentHtml(title, `${header}\n${parts.join('\n')}`, mistakesStyle)
}

async function testHtml({ test: source, classes }: TuneSources, test: ScoredShots | undefined): Promise<string> {
  if (source === undefined || test === undefined) return ''
  const scored = await scoredReport({
    rows: 'test rows',
    classes,
    labels: source.rows.labels,
    ...test,
    names: source.names,
    ...(source.thumbnail && { thumbnail: source.thumbnail }),
  })
  const method = { id: 'few-shot', name: 'few-shot', summary: '', paper: null }
  const confusion = confusionFigure({ method, confusion: scored.confusion }, classes, pagePalette)
  const drawn = confusion === null ? '' : figureHtml(confusion)
  return `<section><h2>Test rows</h2>${drawn}</section><section><h2>The surest mistakes</h2>${mistakesHtml(scored)}</section>`
}
