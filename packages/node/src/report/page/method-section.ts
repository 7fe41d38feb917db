import { classesFigure } from '../figures/classes-figure.ts'
import { confusionFigure } from '../figures/confusion-figure.ts'
import { numbersFigure } from '../figures/numbers-figure.ts'
import { scatterFigure } from '../figures/scatter-figure.ts'
import { shiftFigure } from '../figures/shift-figure.ts'
import { trainingFigure } from '../figures/training-figure.ts'
import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import type { ReportData, RunReport } from '../report-data.ts'
import { count, duration, escapeHtml, methodLabel, percent, pointsBetween } from '../text.ts'
import { gainHtml } from './comparison-table.ts'
import { definitionsHtml, figureHtml, tableHtml } from './html.ts'

/** All figures of one method, in the order of reading; `prefix` begins the identifiers inside. */
export function methodFigures(data: ReportData, run: RunReport, palette: Palette, prefix: string): Figure[] {
  const confusion = confusionFigure(run, data.classes, palette)
  const training = run.training === undefined ? null : trainingFigure(run.training, palette)
  return [
    scatterFigure(data, run, palette, prefix),
    ...(confusion === null ? [] : [confusion]),
    ...(data.classes.length === 0 ? [] : [classesFigure(run, data.classes, palette)]),
    ...(run.numbers === undefined ? [] : [numbersFigure(run, run.numbers, palette)]),
    shiftFigure(run, palette),
    ...(training === null ? [] : [training]),
  ]
}

/** One method: what it is, what came of it in figures, its settings, and its paper. Folds away. */
export function methodSection(
  data: ReportData,
  run: RunReport,
  palette: Palette,
  prefix: string,
  open: boolean,
): string {
  const { method, score } = run
  const label = methodLabel(method)
  const full = label === method.name ? '' : ` <span class="muted">${escapeHtml(method.name)}</span>`
  const gain = score === null || data.baseline === null ? '' : gainHtml(pointsBetween(score, data.baseline.score))
  const result = score === null ? '' : `<span class="score">${percent(score)}</span> ${gain}`
  const summary = `<summary><h3>${escapeHtml(label)}${full}</h3><span>${result}</span></summary>`
  const figures = `<div class="figures">${methodFigures(data, run, palette, prefix).map(figureHtml).join('')}</div>`
  return `<details class="method"${open ? ' open' : ''}>${summary}${about(run)}${troubles(run)}${figures}${classTable(run)}${settings(run)}</details>`
}

/** What went wrong in training, and what to try. */
const troubles = ({ training }: RunReport): string =>
  (training?.warnings ?? []).map((warning) => `<p class="warning">${escapeHtml(warning)}</p>`).join('')

function about({ method }: RunReport): string {
  const { paper } = method
  const reference =
    paper === null
      ? ''
      : `<p class="muted">${escapeHtml(`${paper.authors} (${paper.year}). `)}<cite>${escapeHtml(paper.title)}</cite>.</p>`
  return `<p>${escapeHtml(method.summary)}</p>${reference}`
}

function classTable({ perClass }: RunReport): string {
  if (perClass === null) return ''
  const columns = [
    { heading: 'class' },
    ...['rows', 'precision', 'recall', 'F1'].map((heading) => ({ heading, numeric: true })),
  ]
  const rows = perClass.map(({ name, support, precision, recall, f1 }) => [
    escapeHtml(name),
    count(support),
    percent(precision),
    percent(support > 0 ? recall : null),
    percent(f1),
  ])
  return `<details><summary>Precision, recall and F1 of each class</summary>${tableHtml(columns, rows)}</details>`
}

function settings({ options, facts, seconds }: RunReport): string {
  const times: [string, string][] = [
    ['fit', duration(seconds.fit)],
    ['predict', duration(seconds.predict)],
    ['total', duration(seconds.total)],
  ]
  const block = (title: string, body: string) => `<section><h4>${title}</h4>${body}</section>`
  return `<div class="settings">${block('Settings', definitionsHtml(Object.entries(options)))}${block('Found while fitting', definitionsHtml(Object.entries(facts)))}${block('Time', definitionsHtml(times))}</div>`
}
