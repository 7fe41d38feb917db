import { comparisonFigure } from './figures/comparison-figure.ts'
import { bestRun, isBaseline, verdictOf } from './headline.ts'
import { comparisonTable } from './page/comparison-table.ts'
import { closingSections, dataSection } from './page/data-section.ts'
import { figureHtml } from './page/html.ts'
import { methodSection } from './page/method-section.ts'
import { pageStyle } from './page/page-style.ts'
import { pagePalette } from './palette.ts'
import type { ReportData } from './report-data.ts'
import { escapeHtml } from './text.ts'

/**
 * The report as one HTML page that stands by itself: styles and drawings are inside, nothing is loaded, no script runs.
 * Names and text from the data are escaped.
 */
export function renderReport(data: ReportData): string {
  const { tone, headline, details } = verdictOf(data)
  const open = bestRun(data) ?? data.runs.find((run) => !isBaseline(run)) ?? data.runs[0]
  const sections = data.runs.map((run, i) => methodSection(data, run, pagePalette, `m${i}`, run === open))
  const meta = `Graft ${data.version} · ${data.classifier.name} · scale ${data.scale} · seed ${data.seed}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${data.title} – Graft`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(data.title)}</h1>
<p class="headline ${tone}">${escapeHtml(headline)}</p>
${details.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('\n')}
<p class="meta">${escapeHtml(meta)}</p>
</header>
<section><h2>${data.runs.length > 1 ? 'All methods' : 'In numbers'}</h2>
${figureHtml(comparisonFigure(data, pagePalette))}
${comparisonTable(data)}
</section>
<section><h2>${data.runs.length > 1 ? 'Method by method' : 'What happened'}</h2>
${sections.join('\n')}
</section>
${dataSection(data)}
${closingSections(data)}
</main>
</body>
</html>
`
}
