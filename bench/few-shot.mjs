/**
 * Few-shot classifiers on MobileNetV2 features of the Office-Caltech10 photographs, all on the same episodes.
 *
 *     npm run bench:few-shot -- [--json] [--data DIR] [--episodes N] [--write]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data). In each of the four domains, episodes of
 * 5 and of 10 classes with 1 and with 5 rows each to fit on and up to 15 to score. Prints the percentage that is right,
 * the mean of the four domains, with 95 % confidence intervals over the episodes; `--write` puts the tables into
 * docs/few-shot.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readTable } from 'graft-cli'
import { affineStage, fewShot, nodeRuntime } from 'graft-learn'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    data: { type: 'string' },
    episodes: { type: 'string', default: '600' },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = join(values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data'), 'office-caltech10-mobilenetv2')
const episodes = Number(values.episodes)
if (!(Number.isInteger(episodes) && episodes >= 2)) leave('--episodes wants a whole number of 2 or more')
if (!existsSync(data)) leave(`${data} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)

/** Each domain, and the one whose mean stands for that of the rows the network was trained on. */
const domains = { amazon: 'caltech10', caltech10: 'amazon', dslr: 'amazon', webcam: 'amazon' }
const settings = [5, 10].flatMap((ways) => [1, 5].map((shots) => ({ ways, shots })))
const candidates = [
  { name: 'prototypes, Euclidean', classifier: 'prototypes' },
  { name: 'prototypes, cosine', classifier: 'prototypes', options: { metric: 'cosine' } },
  { name: 'nearest class mean', classifier: 'nearest-class-mean' },
  {
    name: 'nearest class mean, centred by its own rows',
    classifier: 'nearest-class-mean',
    options: { centre: 'rows' },
  },
  { name: 'cosine classifier', classifier: 'cosine-classifier' },
  { name: 'logistic regression', classifier: 'logistic-regression' },
  { name: '1-NN, Euclidean', classifier: 'nearest-neighbour' },
  { name: '1-NN, cosine', classifier: 'nearest-neighbour', options: { metric: 'cosine' } },
]
const centred = [
  { name: 'nearest class mean, centred by another domain', classifier: 'nearest-class-mean' },
  { name: 'cosine classifier, centred by another domain', classifier: 'cosine-classifier' },
]

const runtime = await nodeRuntime()
const tables = {}
for (const domain of Object.keys(domains)) tables[domain] = await readTable(join(data, `${domain}.npz`))
const rows = []
for (const { ways, shots } of settings) {
  for (const [domain, other] of Object.entries(domains)) {
    const { features, labels: names } = tables[domain]
    const classes = [...new Set(names)].sort()
    const labels = Int32Array.from(names, (name) => classes.indexOf(name))
    const request = { features, labels, classes, ways, shots, episodes, runtime }
    const { scores } = await fewShot({ ...request, candidates })
    const preparation = around(tables[other].features)
    const { scores: afterwards } = await fewShot({ ...request, candidates: centred, preparation })
    for (const { name, accuracy, seconds } of [...scores, ...afterwards]) {
      rows.push({ domain, ways, shots, name, mean: accuracy.mean, halfWidth: accuracy.halfWidth, seconds })
    }
    console.error(`${ways} classes, ${shots} shots, ${domain}: done`)
  }
}
await runtime.release()

const text = [overall(), ...settings.flatMap((setting) => ['', byDomain(setting)])].join('\n')
if (values.json) console.log(JSON.stringify({ bench: 'few-shot', episodes, rows }))
else console.log(text)
if (values.write) {
  const file = here('../docs/few-shot.md')
  const [start, end] = ['<!-- measured -->', '<!-- /measured -->']
  const page = readFileSync(file, 'utf8')
  const [before, after] = [page.split(start)[0], page.split(end)[1]]
  writeFileSync(file, `${before}${start}\n\n${text}\n\n${end}${after}`)
}

/** A stage that subtracts the mean of some rows. */
function around({ rows: n, columns, data: x }) {
  const mean = new Float64Array(columns)
  x.forEach((value, at) => {
    mean[at % columns] += value / n
  })
  return affineStage(mean, new Float64Array(columns).fill(1))
}

/** All settings, each the mean of the domains; these are drawn independently of each other. */
function overall() {
  const titles = settings.map(({ ways, shots }) => `${ways} classes, ${shots === 1 ? '1 row' : `${shots} rows`} each`)
  const meanOf = (name, { ways, shots }) => {
    const own = rows.filter((row) => row.name === name && row.ways === ways && row.shots === shots)
    return {
      mean: own.reduce((sum, { mean }) => sum + mean, 0) / own.length,
      halfWidth: Math.hypot(...own.map(({ halfWidth }) => halfWidth)) / own.length,
    }
  }
  return table(['mean of the domains', ...titles], (name) => settings.map((setting) => meanOf(name, setting)))
}

function byDomain({ ways, shots }) {
  const own = (name, domain) =>
    rows.find((row) => row.name === name && row.domain === domain && row.ways === ways && row.shots === shots)
  const title = `${ways} classes, ${shots === 1 ? '1 row' : `${shots} rows`} each`
  return table([title, ...Object.keys(domains)], (name) => Object.keys(domains).map((domain) => own(name, domain)))
}

/** A Markdown table of all classifiers, the largest mean of each column in bold. */
function table(titles, cellsOf) {
  const names = [...candidates, ...centred].map(({ name }) => name)
  const cells = names.map(cellsOf)
  const best = cells[0].map((_, k) => Math.max(...cells.map((line) => line[k].mean)))
  const percent = ({ mean, halfWidth }, k) => {
    const value = (100 * mean).toFixed(1)
    return `${mean === best[k] ? `**${value}**` : value} ± ${(100 * halfWidth).toFixed(1)}`
  }
  const lines = names.map((name, i) => [name, ...cells[i].map(percent)])
  const widths = titles.map((title, k) => Math.max(title.length, ...lines.map((line) => line[k].length)))
  const line = (parts) => `| ${parts.map((part, k) => part.padEnd(widths[k])).join(' | ')} |`
  return [line(titles), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.map(line)].join('\n')
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
