import { comparisonFigure } from './figures/comparison-figure.ts'
import { bestRun, isBaseline, verdictOf } from './headline.ts'
import { comparisonTable } from './page/comparison-table.ts'
import { closingSections, dataSection } from './page/data-section.ts'
import { documentHtml, headerHtml } from './page/document.ts'
import { figureHtml } from './page/html.ts'
import { methodSection } from './page/method-section.ts'
import { pagePalette } from './palette.ts'
import type { ReportData } from './report-data.ts'

/**
 * The report as one HTML page that stands by itself: styles and drawings are inside, nothing is loaded, no script runs.
 * Names and text from the data are escaped.
 */
export function renderReport(data: ReportData): string {
  const verdict = verdictOf(data)
  const open = bestRun(data) ?? data.runs.find((run) => !isBaseline(run)) ?? data.runs[0]
  const sections = data.runs.map((run, i) => methodSection(data, run, pagePalette, `m${i}`, run === open))
  const meta = `Graft ${data.version} · ${data.classifier.name} · scale ${data.scale} · seed ${data.seed}`
  const main = `${headerHtml(data.title, verdict, meta)}
<section><h2>${data.runs.length > 1 ? 'All methods' : 'In numbers'}</h2>
${figureHtml(comparisonFigure(data, pagePalette))}
${comparisonTable(data)}
</section>
<section><h2>${data.runs.length > 1 ? 'Method by method' : 'What happened'}</h2>
${sections.join('\n')}
</section>
${dataSection(data)}
${closingSections(data)}`
  return documentHtml(data.title, main)
}
