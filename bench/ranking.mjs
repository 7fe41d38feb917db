/**
 * Whether scores without training rank backbones, and the layers of them, as their accuracy does: three networks on the
 * photographs of Office-Caltech10.
 *
 *     npm run bench:ranking -- [--json] [--data DIR] [--seeds N] [--per-class 20,5] [--accuracy frozen,tuned,full]
 *                              [--no-layers] [--write] [--from FILE]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data). In each domain 20 and then 5 images per
 * class (as many as the smallest class has less one, where that is fewer) are scored and learnt from, the others are
 * predicted. `frozen` is logistic regression on the features, `tuned` is `graft tune` from the last quarter
 * of the blocks on, `full` the same of all blocks, which takes minutes for each case.
 * Every third layer is ranked with the first seed by `frozen` alone. `--write` puts the tables
 * into docs/ranking-backbones.md; `--from` takes what `--json` printed before instead of measuring again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { replaceBetween } from '../scripts/method-documents.mjs'
import { accuracies } from './ranking-accuracy.mjs'
import { backbones, domains, measureAll } from './ranking-measure.mjs'
import { correlate, rankingTables, rankingText } from './ranking-tables.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    from: { type: 'string' },
    'no-layers': { type: 'boolean', default: false },
    data: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    'per-class': { type: 'string', default: '20,5' },
    accuracy: { type: 'string', default: 'frozen' },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const seeds = Number(values.seeds)
const sizes = values['per-class'].split(',').map(Number)
const kinds = values.accuracy.split(',')
if (!(Number.isInteger(seeds) && seeds >= 1)) leave('--seeds wants a whole number of 1 or more')
if (!sizes.every((size) => Number.isInteger(size) && size >= 1)) leave('--per-class wants whole numbers of 1 or more')
if (!kinds.every((kind) => kind in accuracies)) leave(`--accuracy wants ${Object.keys(accuracies).join(' or ')}`)

const measured = values.from === undefined ? await measureNow() : JSON.parse(readFileSync(values.from, 'utf8'))
const result = { bench: 'ranking', ...measured, ...correlate(measured) }
if (values.write) {
  const document = here('../docs/ranking-backbones.md')
  let text = readFileSync(document, 'utf8')
  for (const [name, table] of Object.entries(rankingTables(result))) {
    text = replaceBetween(text, [`<!-- ${name} -->`, `<!-- /${name} -->`], table)
  }
  writeFileSync(document, text)
}
console.log(values.json ? JSON.stringify(result) : rankingText(result))

async function measureNow() {
  const missing = [
    ...Object.values(backbones).map(({ file }) => join('backbones', file)),
    ...domains.map((domain) => join('office-caltech10-images', domain)),
  ].find((path) => !existsSync(join(data, path)))
  if (missing !== undefined) {
    leave(`${join(data, missing)} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)
  }
  const asked = { seeds, sizes, kinds, domains }
  return { ...asked, ...(await measureAll({ ...asked, data, withLayers: !values['no-layers'] })) }
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
