/**
 * How much deep adaptation gains: handwritten digits by a network of LeNet's size from scratch, and the photographs of
 * Office-Caltech10 on a pretrained backbone.
 *
 *     npm run bench:deep-accuracy -- digits [--methods a,b] [--seeds 5] [--epochs 10] [--threads N] [--keep FILE] [--json] [--write]
 *     npm run bench:deep-accuracy -- photographs [--methods a,b] [--seeds 1] [--epochs 40] [--data DIR] …
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data). Runs that FILE holds already are not made
 * again, so that an interrupted measurement goes on. `--write` puts the tables into docs/deep-adaptation.md. The last epoch
 * counts in every run: labels of the target score it and choose nothing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { replaceBetween } from '../scripts/method-documents.mjs'
import { digitRuns, digitsTable } from './deep/digits.mjs'
import { photographRuns, photographsTables } from './deep/photographs.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    methods: { type: 'string' },
    seeds: { type: 'string' },
    epochs: { type: 'string' },
    threads: { type: 'string' },
    data: { type: 'string' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const suites = {
  digits: { runs: digitRuns, tables: (runs) => ({ digits: digitsTable(runs) }) },
  photographs: { runs: photographRuns, tables: photographsTables },
}
const [suite] = positionals
if (!(suite in suites)) leave(`name one of ${Object.keys(suites).join(' and ')}, got ${suite ?? 'nothing'}`)
if (!existsSync(data)) leave(`there is no ${data}: name the folder of benchmark data by --data or GRAFT_DATA`)

const kept = values.keep !== undefined && existsSync(values.keep) ? JSON.parse(readFileSync(values.keep, 'utf8')) : []
const runs = []
const asked = {
  data,
  ...(values.methods && { methods: values.methods.split(',') }),
  ...(values.seeds && { seeds: Number(values.seeds) }),
  ...(values.epochs && { epochs: Number(values.epochs) }),
  ...(values.threads && { threads: Number(values.threads) }),
}
for await (const run of suites[suite].runs(asked, kept)) {
  runs.push(run)
  if (values.keep !== undefined) {
    const others = kept.filter(({ key }) => !runs.some((one) => one.key === key))
    writeFileSync(values.keep, JSON.stringify([...others, ...runs]))
  }
  console.error(
    `${run.key}: ${(100 * run.accuracy).toFixed(1)} %${run.seconds === undefined ? '' : ` (${run.seconds.toFixed(0)} s)`}`,
  )
}
const tables = suites[suite].tables(runs)
if (values.write) {
  const document = here('../docs/deep-adaptation.md')
  let text = readFileSync(document, 'utf8')
  for (const [name, table] of Object.entries(tables)) {
    text = replaceBetween(text, [`<!-- ${name} -->`, `<!-- /${name} -->`], table)
  }
  writeFileSync(document, text)
}
console.log(
  values.json ? JSON.stringify({ bench: `deep-accuracy ${suite}`, runs }) : Object.values(tables).join('\n\n'),
)

function leave(message) {
  console.error(message)
  process.exit(2)
}
