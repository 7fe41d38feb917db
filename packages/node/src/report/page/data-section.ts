import type { DomainSummary, ReportData } from '../report-data.ts'
import { count, escapeHtml } from '../text.ts'
import { definitionsHtml, tableHtml } from './html.ts'

/** The files that went in, how they were prepared, and the classifier. */
export function dataSection(data: ReportData): string {
  const row = (role: string, { file, rows, features, labelled }: DomainSummary) => [
    role,
    `<span class="file">${escapeHtml(file)}</span>`,
    count(rows),
    count(features),
    labelled === rows ? 'all' : labelled === 0 ? 'none' : count(labelled),
  ]
  const columns = [
    { heading: 'domain' },
    { heading: 'file' },
    { heading: 'rows', numeric: true },
    { heading: 'features', numeric: true },
    { heading: 'labelled', numeric: true },
  ]
  const rows = [...data.sources.map((source) => row('source', source)), row('target', data.target)]
  const made = definitionsHtml([
    ['classes', `${data.classes.length}: ${listed(data.classes)}`],
    ['scale', `${data.scale}, each domain by itself`],
    ['classifier', data.classifier.name],
    ...Object.entries(data.classifier.options),
    ['seed', `${data.seed}`],
  ])
  return `<section><h2>Data</h2>${tableHtml(columns, rows)}${made}</section>`
}

const listed = (names: readonly string[]): string =>
  names.length > 30 ? `${names.slice(0, 29).join(', ')} and ${names.length - 29} more` : names.join(', ')

/** What the numbers mean, and the command that makes the page again. */
export const closingSections = (data: ReportData): string => `<section><h2>How to read this</h2>
<p><strong>Maximum mean discrepancy (MMD)</strong> is the distance between the two domains' mean embeddings under a Gaussian kernel: zero when the samples cannot be told from one distribution, larger the more they differ.</p>
<p><strong>Proxy A-distance</strong> asks how well a linear classifier tells source rows from target rows: 0 when it can only guess, 2 when it never errs.</p>
<p>Both falling means that the domains look more alike after the transfer. It does not mean that classes met their own kind: only labelled target rows show that. Target labels were used here to score, never to fit. <strong>Gain</strong> is the difference to the same classifier trained on the source alone, in percentage points.</p></section>
<section><h2>Make it again</h2><pre class="scroll"><code>${escapeHtml(data.command)}</code></pre></section>`
