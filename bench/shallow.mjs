/**
 * Closed-form methods beside NumPy and SciPy, on real data.
 *
 *     npm run bench:shallow -- [--json] [--data DIR] [--runs N] [--only TEXT]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data). Both sides run in processes of their
 * own, in turn, the one that goes first changing from run to run; each reports the seconds of method and nearest
 * neighbour alone, of the second to ninth transfer of a process (median) where the script repeats it, which shallow.py
 * does not; Graft's first one, in which JavaScript and the graphs are compiled, stands beside them. TCA and JDA run with
 * the reference's settings, and with Graft's defaults. The peers of TCA and JDA are shallow.py of the folder
 * GRAFT_REFERENCE (default: ../shared/reference), those of the others bench/peers/closed_form.py; they need python3 with
 * SciPy. The cases of reweighting.mjs (KMM, KLIEP, uLSIF, RuLSIF) and transport.mjs (optimal transport beside POT) follow.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './child.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    data: { type: 'string' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const reference = join(process.env.GRAFT_REFERENCE ?? here('../../shared/reference'), 'shallow.py')
const closedForm = here('peers/closed_form.py')
const runs = Number(values.runs)

const tasks = [
  {
    task: 'Caltech to Amazon',
    files: ['office-caltech10-surf/caltech.npz', 'office-caltech10-surf/amazon.npz'],
    scale: 'l1-zscore',
  },
  { task: 'USPS to MNIST', files: ['digits/usps1800.npz', 'digits/mnist2000.npz'], scale: 'zscore' },
]
const methods = [
  { method: 'tca', components: 100, settings: ['kernel=primal', 'lambda=1'], peer: reference },
  { method: 'jda', components: 100, settings: ['kernel=primal', 'lambda=1', 'iterations=10'], peer: reference },
  { method: 'tca', label: 'tca (defaults)', peer: reference },
  { method: 'jda', label: 'jda (defaults)', peer: reference },
  { method: 'coral', peer: closedForm },
  { method: 'sa', components: 20, peer: closedForm },
  { method: 'gfk', components: 20, peer: closedForm },
]

if (!(runs >= 1)) leave(`--runs wants a whole number of 1 or more, got "${values.runs}"`)
const missing = tasks.flatMap(({ files }) => files).find((file) => !existsSync(join(data, file)))
if (missing !== undefined)
  leave(`${join(data, missing)} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)

const cases = []
for (const { method, label = method, components, settings = [], peer } of methods) {
  const unusable = whyUnusable(peer)
  for (const { task, files, scale } of tasks) {
    const name = `${label}, ${task}`
    if (!name.includes(values.only)) continue
    const paths = files.map((file) => join(data, file))
    const dimension = components === undefined ? [] : [components]
    const options = [...dimension.map((count) => `components=${count}`), ...settings]
    const sides = {
      graft: () => measure(process.execPath, [here('graft-run.mjs'), method, ...paths, ...options, '--scale', scale]),
      peer: () => measure('python3', [peer, method, ...paths, ...dimension.map(String)]),
    }
    if (unusable !== undefined) console.error(`${name}: no peer, ${unusable}`)
    cases.push(await compare(name, sides, unusable === undefined))
  }
}

for (const script of ['reweighting.mjs', 'transport.mjs']) cases.push(...casesOf(script))

if (values.json) console.log(JSON.stringify({ bench: 'shallow', cases }))
else printTable(cases)

/** Runs both sides in turn and gives the medians in milliseconds. */
async function compare(name, sides, withPeer) {
  const results = { graft: [], peer: [] }
  for (let run = 0; run < runs; run++) {
    const order = run % 2 === 0 ? ['graft', 'peer'] : ['peer', 'graft']
    for (const side of order) {
      if (side === 'graft' || withPeer) results[side].push(await sides[side]())
    }
    console.error(`${name}: run ${run + 1} of ${runs}`)
  }
  const milliseconds = (side, field = 'seconds') =>
    side.length === 0 ? null : round(1000 * median(side.map((result) => result[field])))
  const graft = milliseconds(results.graft)
  const peer = milliseconds(results.peer)
  return {
    case: name,
    graft,
    peer,
    peerName: 'NumPy and SciPy',
    ratio: peer === null ? null : round(graft / peer),
    runs,
    graftFirst: milliseconds(results.graft, 'firstSeconds'),
    graftAccuracy: results.graft[0].accuracy,
    peerAccuracy: results.peer[0]?.accuracy ?? null,
  }
}

/** The cases of another benchmark of closed-form methods. */
function casesOf(script) {
  const data = values.data === undefined ? [] : ['--data', values.data]
  const call = [here(script), '--json', '--runs', values.runs, '--only', values.only, ...data]
  const { stdout, status } = spawnSync(process.execPath, call, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (status !== 0) leave(`${script} failed`)
  return JSON.parse(stdout).cases
}

/** Why a peer's script cannot run, if it cannot. */
function whyUnusable(script) {
  if (!existsSync(script)) return `${script} is missing: name its folder by GRAFT_REFERENCE`
  const { status } = spawnSync('python3', ['-c', 'import numpy, scipy.linalg'])
  return status === 0 ? undefined : 'python3 with numpy and scipy is not installed (Debian: python3-scipy)'
}

function printTable(rows) {
  const percent = (share) => (share === null ? '-' : `${(100 * share).toFixed(1)} %`)
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.case,
        {
          'graft, ms': row.graft,
          'peer, ms': row.peer ?? '-',
          'peer / graft': row.ratio === null ? '-' : round(1 / row.ratio),
          'graft, first run, ms': row.graftFirst ?? '-',
          'graft, right': percent(row.graftAccuracy ?? null),
          'peer, right': percent(row.peerAccuracy ?? null),
        },
      ]),
    ),
  )
}

function round(value) {
  return Math.round(value * 1000) / 1000
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
