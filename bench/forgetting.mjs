/**
 * What strategies of fine-tuning keep of what a network knew, and what they reach with few images.
 *
 *     npm run bench:forgetting -- [--json] [--data DIR] [--seeds N] [--only digits|few] [--write]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data). `digits`: LeNet on the MNIST digits 0 to
 * 4, then on 5 to 9, the accuracy on both, 5 seeds. `few`: MobileNetV2 on photographs of Office-Caltech10, 5 images per
 * class, 10 seeds. Each seed draws the rows and everything else; differences are between the same seeds. `--write` puts the
 * tables into docs/fine-tuning-strategies.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nodeRuntime } from 'graft-learn'
import { replaceBetween } from '../scripts/method-documents.mjs'
import { forgetting, forgettingSettings } from './forgetting-digits.mjs'
import { fewImages, fewSettings } from './forgetting-few.mjs'
import { summary } from './forgetting-summary.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    data: { type: 'string' },
    seeds: { type: 'string' },
    only: { type: 'string' },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const given = values.seeds === undefined ? undefined : Number(values.seeds)
if (given !== undefined && !(Number.isInteger(given) && given >= 2)) leave('--seeds wants a whole number of 2 or more')
for (const name of ['digits', 'backbones', 'office-caltech10-images']) {
  if (!existsSync(join(data, name)))
    leave(`${join(data, name)} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)
}

const runtime = await nodeRuntime()
const tell = (line) => console.error(line)
const parts = {
  digits: {
    seeds: given ?? 5,
    measure: (seeds) => forgetting(runtime, join(data, 'digits', 'mnist5000.npz'), seeds, tell),
    text: (results) => `${forgettingSettings}\n\n${summary(results, ['new digits', 'old digits'])}`,
  },
  few: {
    seeds: given ?? 10,
    measure: (seeds) => fewImages(runtime, data, seeds, tell),
    text: (results) => `${fewSettings}\n\n${summary(results, ['accuracy'])}`,
  },
}
for (const [name, { seeds, measure, text }] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue
  const results = await measure(seeds)
  const made = text(results)
  if (values.json) console.log(JSON.stringify({ bench: 'forgetting', part: name, seeds, results }))
  else console.log(`${made}\n`)
  if (!values.write) continue
  const file = here('../docs/fine-tuning-strategies.md')
  const markers = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  writeFileSync(file, replaceBetween(readFileSync(file, 'utf8'), markers, made))
}
await runtime.release()

function leave(message) {
  console.error(message)
  process.exit(2)
}
