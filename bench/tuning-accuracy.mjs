/**
 * What fine-tuning gains on photographs of Office-Caltech10 with MobileNetV2 0.35.
 *
 *     npm run bench:tuning-accuracy -- [--json] [--part domains|two-classes] [--seeds N] [--first N] [--only TEXT]
 *                                      [--data DIR] [--write]
 *
 * `domains`: the ten classes of each domain, 20 images of each to learn from. `two-classes`: problems of two classes, 122
 * images of each to learn from. All others are scored. For each task and seed, which draws the split, too: scikit-learn's
 * logistic regression on frozen features (needs python3 with scikit-learn, onnxruntime and Pillow), `graft tune
 * --strategy head`, the last blocks tuned (--reuse 24), and all of them (--strategy full). Seeds count from --first, by
 * default 2: the settings' defaults were chosen on 0 and 1. --write puts the table into docs/fine-tuning.md.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure } from './child.mjs'
import { domainSplit, twoClassSplits } from './tuning-splits.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    part: { type: 'string', default: 'domains' },
    seeds: { type: 'string', default: '3' },
    first: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    data: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const images = join(data, 'office-caltech10-images')
const model = join(data, 'backbones/mobilenet_v2_0.35_224_features.onnx')
if (!existsSync(images) || !existsSync(model)) {
  console.error(`${images} or ${model} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)
  process.exit(2)
}
const splits = {
  domains: () =>
    Object.fromEntries(
      readdirSync(images)
        .sort()
        .map((domain) => [domain, domainSplit(images, domain)]),
    ),
  'two-classes': () => twoClassSplits(images),
}[values.part]?.()
if (splits === undefined) {
  console.error(`--part ${values.part}: expected domains or two-classes`)
  process.exit(2)
}
const graft = here('../packages/node/bin/graft.js')
const peer = here('peers/logistic_regression.py')
const hasPeer = spawnSync('python3', ['-c', 'import sklearn, onnxruntime, PIL']).status === 0
if (!hasPeer) console.error('no peer: python3 with scikit-learn, onnxruntime and Pillow is not installed')
const ways = {
  head: ['--strategy', 'head'],
  'last blocks': ['--reuse', '24'],
  full: ['--strategy', 'full'],
}

const cases = []
for (const [task, split] of Object.entries(splits)) {
  if (!task.includes(values.only)) continue
  const scores = Object.fromEntries(['peer', ...Object.keys(ways)].map((name) => [name, []]))
  for (let seed = Number(values.first); seed < Number(values.first) + Number(values.seeds); seed++) {
    const folder = mkdtempSync(join(tmpdir(), 'graft-tuning-'))
    try {
      split(seed, folder)
      const [train, test] = [join(folder, 'train'), join(folder, 'test')]
      if (hasPeer) scores.peer.push((await measure('python3', [peer, model, train, test])).accuracy)
      for (const [name, options] of Object.entries(ways)) {
        const call = ['tune', '--model', model, '--preset', 'mobilenet', '--train', train, '--test', test, ...options]
        const rest = ['--seed', `${seed}`, '--out', join(folder, 'out'), '--cache', join(folder, 'cache'), '--json']
        scores[name].push((await measure(process.execPath, [graft, ...call, ...rest])).scores.test)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    console.error(
      `${task}, seed ${seed}: ${JSON.stringify(Object.entries(scores).map(([name, all]) => [name, all.at(-1)]))}`,
    )
  }
  cases.push({ task, ...Object.fromEntries(Object.entries(scores).map(([name, all]) => [name, summary(all)])) })
}
cases.push(overall())
if (values.json) console.log(JSON.stringify({ bench: 'tuning-accuracy', part: values.part, cases }))
else console.log(table())
if (values.write) writeTable()

/** Mean and standard deviation over seeds. */
function summary(all) {
  if (all.length === 0) return null
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length
  const square = all.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: all.length > 1 ? Math.sqrt(square / (all.length - 1)) : 0 }
}

function overall() {
  const names = ['peer', ...Object.keys(ways)]
  const mean = (name) => summary(cases.map((each) => each[name]?.mean ?? Number.NaN))?.mean
  return { task: 'mean', ...Object.fromEntries(names.map((name) => [name, { mean: mean(name), deviation: 0 }])) }
}

function table() {
  const cell = (score, isMean) =>
    score === null || Number.isNaN(score.mean)
      ? '–'
      : `${(100 * score.mean).toFixed(1)}${isMean || values.seeds === '1' ? '' : ` ± ${(100 * score.deviation).toFixed(1)}`}`
  const lines = cases.map((each) => {
    const cells = ['peer', ...Object.keys(ways)].map((name) => cell(each[name], each.task === 'mean'))
    return `| ${[each.task, ...cells].join(' | ')} |`
  })
  return [
    `| ${values.part === 'domains' ? 'domain' : 'task'} | scikit-learn | head | last blocks | full |`,
    '| --- | --: | --: | --: | --: |',
    ...lines,
  ].join('\n')
}

/** Replaces what stands between the marks. */
function writeTable() {
  const file = here('../docs/fine-tuning.md')
  const text = readFileSync(file, 'utf8')
  const [begin, end] = [`<!-- tuning-accuracy ${values.part} -->`, `<!-- /tuning-accuracy ${values.part} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} lacks the marks ${begin} and ${end}`)
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${table()}\n\n${text.slice(to)}`)
}
