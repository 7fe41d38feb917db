/**
 * A whole training step (forward, backward, SGD update) beside PyTorch's: the same networks, shapes and threads.
 *
 *     npm run bench:training -- [--json] [--runs N] [--threads N] [--only mlp,conv]
 *
 * Both sides run in processes of their own, in turn, the one that goes first changing from run to run; each gives the
 * median of 30 steps, and the median of those is kept. Graft's are taken when the process has settled (see
 * training-run.mjs); those of its first steps stand beside them. The peer is training_step.py of the folder GRAFT_REFERENCE
 * (default: ../shared/reference); it needs python3 with PyTorch. `target` is the ratio that a case is to stay below.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './child.mjs'
import { networks } from './training-steps.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string', default: Object.keys(networks).join(',') },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const reference = join(process.env.GRAFT_REFERENCE ?? here('../../shared/reference'), 'training_step.py')
const runs = wholeNumber('--runs', values.runs)
const threads = wholeNumber('--threads', values.threads)
const names = values.only.split(',')
const unknown = names.find((name) => networks[name] === undefined)
if (unknown !== undefined) leave(`there is no case "${unknown}": choose among ${Object.keys(networks).join(', ')}`)

const unusable = whyUnusable()
if (unusable !== undefined) console.error(`no peer: ${unusable}`)
const cases = []
for (const name of names) cases.push(await compare(name))

if (values.json) console.log(JSON.stringify({ bench: 'training', cases }))
else printTable()

/** Runs both sides in turn and gives the medians in milliseconds. */
async function compare(name) {
  const sides = {
    graft: () => measure(process.execPath, [here('training-run.mjs'), name, `${threads}`]),
    peer: () => measure('python3', [reference, name, `${threads}`]),
  }
  const results = { graft: [], peer: [] }
  for (let run = 0; run < runs; run++) {
    const order = run % 2 === 0 ? ['graft', 'peer'] : ['peer', 'graft']
    for (const side of order) {
      if (side === 'graft' || unusable === undefined) results[side].push(await sides[side]())
    }
    console.error(`${name}: run ${run + 1} of ${runs}`)
  }
  const milliseconds = (side, field = 'millisecondsMedian') =>
    side.length === 0 ? null : round(median(side.map((result) => result[field])))
  const graft = milliseconds(results.graft)
  const peer = milliseconds(results.peer)
  return {
    case: name,
    graft,
    peer,
    peerName: results.peer.length === 0 ? 'PyTorch' : `PyTorch ${results.peer[0].torch}`,
    ratio: peer === null ? null : round(graft / peer),
    runs,
    target: networks[name].target,
    threads,
    graftFirst: milliseconds(results.graft, 'firstMilliseconds'),
  }
}

/** Why the peer cannot run, if it cannot. */
function whyUnusable() {
  if (!existsSync(reference)) return `${reference} is missing: name its folder by GRAFT_REFERENCE`
  const { status } = spawnSync('python3', ['-c', 'import torch'])
  return status === 0 ? undefined : 'python3 with PyTorch is not installed (Debian: python3-torch)'
}

function printTable() {
  const row = ({ case: name, graft, peer, ratio, target, graftFirst }) => [
    name,
    {
      'graft, ms': graft,
      'PyTorch, ms': peer ?? '-',
      'graft / PyTorch': ratio ?? '-',
      'at most': target,
      'graft, first steps, ms': graftFirst,
    },
  ]
  console.table(Object.fromEntries(cases.map(row)))
}

function round(value) {
  return Math.round(value * 1000) / 1000
}

function wholeNumber(option, text) {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  return leave(`${option} wants a whole number of 1 or more, got "${text}"`)
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
