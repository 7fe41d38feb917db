import { copyTreatments, runName, version } from 'graft-learn'
import { definitionsHtml, figureHtml, tableHtml } from '../report/page/html.ts'
import { pageStyle } from '../report/page/page-style.ts'
import { pagePalette } from '../report/palette.ts'
import type { Figure } from '../report/panel.ts'
import { escapeHtml } from '../report/text.ts'
import type { Transferability } from './call.ts'
import { curvesFigure } from './curves-figure.ts'
import { findingsOf, headlineOf, points, shareText } from './findings.ts'

/** The report as one HTML page that stands by itself; names from the data are escaped. */
export function transferabilityPage(result: Transferability, filters: Figure | null, command?: string): string {
  const { data, settings, summary, splits, interrupted, runs, planned } = result
  const title = `How transferable are the layers of ${settings.network} on ${data.file}`
  const meta = `Graft ${version} · ${settings.repetitions} repetitions · seed ${settings.seed}`
  const paragraphs = [
    ...(interrupted ? [`Interrupted after ${runs.length} of ${planned} runs; --resume goes on.`] : []),
    ...findingsOf(result),
  ]
  const { cuts: given, rowsPerClass, sourceRowsPerClass, split, ...rest } = settings
  const facts: [string, unknown][] = [
    ['data', data.file],
    ['rows', data.rows],
    ['classes', data.classes.join(', ')],
    ...Object.entries(rest),
    ['rows of a class of task A to train on', sourceRowsPerClass ?? 'all'],
    ['rows of a class of task B to train on', rowsPerClass ?? 'all'],
    ['cuts', (given ?? summary.cuts.map(({ cut }) => cut)).join(', ')],
    ['split', split === 'random' ? 'random, another for each repetition' : 'given'],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${title} – Graft`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="headline level">${escapeHtml(headlineOf(result))}</p>
${paragraphs.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
<p class="meta">${escapeHtml(meta)}</p>
</header>
<section><h2>Curves</h2>
${summary.cuts.length > 0 ? figureHtml(curvesFigure(result, pagePalette)) : ''}
<p class="muted">BnB: the first n layers of base B, frozen. AnB: those of base A. RnB: those of a network that never learnt. With +, they are trained on. The layers after them start afresh and learn task B.</p>
${accuracyTable(result)}
</section>
${filters === null ? '' : `<section><h2>What the first layer looks for</h2>\n${figureHtml(filters)}</section>`}
<section><h2>How it was measured</h2>
${definitionsHtml(facts)}
${splitTable(splits)}
${command === undefined ? '' : `<pre>${escapeHtml(command)}</pre>`}
</section>
</main>
</body>
</html>
`
}

function accuracyTable({ layers, summary }: Transferability): string {
  const tried = copyTreatments.filter((one) => summary.cuts.some(({ accuracy }) => accuracy[one] !== undefined))
  const numeric = (heading: string) => ({ heading, numeric: true })
  const columns = [
    { heading: 'layers copied' },
    ...tried.map((treatment) => numeric(runName({ treatment, cut: 'n', task: 'B' }))),
    ...['co-adaptation: base B − BnB', 'specificity: BnB − AnB', 'gain: AnB+ − base B'].map(numeric),
  ]
  const rows = summary.cuts.map((cut) => [
    escapeHtml(`${cut.cut}, up to ${layers[cut.cut - 1]}`),
    ...tried.map((treatment) => shareText(cut.accuracy[treatment])),
    ...[cut.coAdaptation, cut.specificity, cut.gain].map(points),
  ])
  const base = ['0 (base B)', shareText(summary.base.B), ...columns.slice(2).map(() => '')]
  return tableHtml(
    columns,
    [base.slice(0, columns.length), ...rows],
    'Percent right of the rows held out, ± standard error',
  )
}

function splitTable(splits: Transferability['splits']): string {
  const rows = splits.map(({ a, b }, i) => [`${i + 1}`, escapeHtml(a.join(', ')), escapeHtml(b.join(', '))])
  return tableHtml([{ heading: 'repetition' }, { heading: 'task A' }, { heading: 'task B' }], rows)
}
