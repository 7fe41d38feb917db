import { documentHtml, headerHtml } from '../page/document.ts'
import { figureHtml } from '../page/html.ts'
import { pagePalette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import { escapeHtml, percent, pointsBetween } from '../text.ts'
import { mistakesHtml, mistakesStyle } from './mistakes-html.ts'
import { tuningFigures } from './tuning-figures.ts'
import type { TuningReportData } from './tuning-report.ts'
import { classTable, scoresTable, settingsHtml, trialsTable } from './tuning-tables.ts'
import { verdictOfTuning } from './tuning-verdict.ts'

const style = `
figure.embedding,figure.curves{flex-basis:100%}
${mistakesStyle}`

/**
 * The report on a fine-tuning as one HTML page that stands by itself: styles, drawings and pictures are inside, nothing is
 * loaded, no script runs. Names and text from the data are escaped.
 */
export function renderTuningReport(data: TuningReportData): string {
  const { run, scored, strategy } = data
  const figures = tuningFigures(data, pagePalette)
  const meta = `Graft ${run.version} · ${strategy.name} · ${run.reuse} of ${run.blocks} blocks kept · seed ${run.seed}`
  const sections = [
    section('In numbers', about(data), scoresTable(data)),
    section('Training', drawn(figures.training)),
    section('How many blocks are kept', `<p>${escapeHtml(sentence(run.why))}</p>`, depths(data, figures.depth)),
    ...(scored === null
      ? []
      : [
          section(`Class by class, ${escapeHtml(scored.rows)}`, drawn(figures.classes), classTable(scored)),
          section('The surest mistakes', mistakesHtml(scored)),
        ]),
    section('The embedding before and after', drawn(figures.embedding)),
    section('What was forgotten', drawn(figures.forgetting), forgotten(data)),
    section('Settings', settingsHtml(data)),
    section('Make it again', `<pre class="scroll"><code>${escapeHtml(data.command)}</code></pre>`),
  ]
  return documentHtml(
    data.title,
    `${headerHtml(data.title, verdictOfTuning(data), meta)}\n${sections.join('\n')}`,
    style,
  )
}

/** A section with its heading; nothing where it has no content. */
function section(title: string, ...content: string[]): string {
  const body = content.filter((part) => part !== '')
  return body.length === 0 ? '' : `<section><h2>${title}</h2>\n${body.join('\n')}\n</section>`
}

const drawn = (figures: readonly Figure[]): string =>
  figures.length === 0 ? '' : `<div class="figures">${figures.map(figureHtml).join('')}</div>`

const depths = (data: TuningReportData, figures: readonly Figure[]): string =>
  data.run.trials.length === 0 ? '' : `${drawn(figures)}${trialsTable(data)}`

function about({ strategy: { summary, paper } }: TuningReportData): string {
  const reference =
    paper === null
      ? ''
      : `<p class="muted">${escapeHtml(`${paper.authors} (${paper.year}). `)}<cite>${escapeHtml(paper.title)}</cite>.</p>`
  return `<p>${escapeHtml(summary)}</p>${reference}`
}

function forgotten({ run: { forgetting } }: TuningReportData): string {
  if (forgetting === null) return ''
  const { before, after } = forgetting
  const points = pointsBetween(after, before)
  const said =
    points < 0
      ? `Tuning cost ${Math.abs(points).toFixed(1)} points on the old task: ${percent(before)} before, ${percent(after)} after.`
      : `Nothing of the old task was lost: ${percent(before)} before, ${percent(after)} after.`
  return `<p>${said}</p>`
}

/** With a capital at its start and a full stop at its end. */
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
