/**
 * Renews docs/transferability.md from the measurements in docs/transferability.json: its tables, between two markers, and
 * a picture for each case, docs/transferability-CASE.png. With a network over colour images, the picture of its first
 * filters too. Measure first:
 *
 *     npm run bench:transferability
 *     npm run build && node scripts/write-transferability.mjs [--backbone F.onnx --channels bgr] && npm run format
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeAtomically } from '../packages/node/dist/files/index.js'
import { canDrawText } from '../packages/node/dist/report/index.js'
import { lightPalette } from '../packages/node/dist/report/palette.js'
import { readModelFile } from '../packages/node/dist/saved-model/index.js'
import { curvesFigure } from '../packages/node/dist/transferability/curves-figure.js'
import { filterGrid } from '../packages/node/dist/transferability/filter-grid.js'
import { points, shareText } from '../packages/node/dist/transferability/findings.js'
import { firstFilters } from '../packages/node/dist/transferability/first-filters.js'
import { figurePng } from '../packages/node/dist/transferability/write-results.js'
import { replaceBetween } from './method-documents.mjs'

const { values } = parseArgs({
  options: { backbone: { type: 'string' }, channels: { type: 'string', default: 'rgb' } },
})
const docs = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
if (!(await canDrawText())) throw new Error('no typeface is installed: install one (Debian: fonts-dejavu-core)')

const { machine, cases } = JSON.parse(readFileSync(docs('transferability.json'), 'utf8'))
const treatments = ['selffer', 'selffer-tuned', 'transfer', 'transfer-tuned', 'random']
const columns = ['layers copied', 'BnB', 'BnB+', 'AnB', 'AnB+', 'RnB', 'co-adaptation', 'specificity', 'gain of AnB+']

const parts = []
for (const [name, { title, settings, layers, summary, processorSeconds }] of Object.entries(cases)) {
  const picture = `transferability-${name}.png`
  const figure = curvesFigure({ layers, summary, settings }, lightPalette)
  await writeAtomically(docs(picture), await figurePng(figure, title))
  const rows = summary.cuts.map((cut) => [
    `${cut.cut}, up to \`${layers[cut.cut - 1]}\``,
    ...treatments.map((treatment) => shareText(cut.accuracy[treatment])),
    ...[cut.coAdaptation, cut.specificity, cut.gain].map(points),
  ])
  const lines = [columns, ['---', ...columns.slice(1).map(() => '---:')], ...rows]
  const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n')
  const bases = `Base A ${shareText(summary.base.A)}, base B ${shareText(summary.base.B)}; ${settings.repetitions} repetitions, ${processorSeconds} s of processor time.`
  parts.push(`### ${title}`, `![Accuracy on task B and gaps by the number of layers copied](${picture})`, table, bases)
}
parts.push(`${machine.processor}, Node ${machine.node.replace('v', '')}.`)
const page = readFileSync(docs('transferability.md'), 'utf8')
const markers = ['<!-- measured -->', '<!-- /measured -->']
writeFileSync(docs('transferability.md'), replaceBetween(page, markers, parts.join('\n\n')))

if (values.backbone !== undefined) {
  const { file, model } = await readModelFile(values.backbone)
  const filters = firstFilters(model)
  if (filters === null) throw new Error(`${file} has no first convolution over one or three channels`)
  const { png } = await filterGrid(filters, { channels: values.channels })
  await writeAtomically(docs('transferability-filters.png'), png)
}
