/**
 * Optimal transport beside Python Optimal Transport (POT), whose exact solver is C++: solvers on points drawn here, and
 * whole methods beside `ot.da` on real data.
 *
 *     npm run bench:transport -- [--json] [--data DIR] [--runs N] [--only TEXT]
 *
 * Both sides run in processes of their own, in turn, the one that goes first changing from run to run; each reports the
 * median seconds of the later times in a process, the first one beside it. Solvers get the same points, and what is timed
 * is the plan from a cost matrix; `value` is the cost of the plan, which tells whether both solved the same problem.
 * Methods are timed with their nearest neighbour on the data in DIR (default: GRAFT_DATA, then ../shared/data), and left
 * out where there is none. The peer needs a python3 with POT (pip install pot), and is null without.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from 'graft-learn'
import { compare, here, peerOptions, printCases } from './beside-peer.mjs'
import { measure } from './child.mjs'

const { data, runs, only, json } = peerOptions(3)
const peerScript = here('peers/transport.py')

/** Name, solver, rows of both sides, features, and for entropic ones the regularisation in median costs. */
const solvers = [
  ['exact plan, 500 × 500 points in 2 dimensions', 'exact', 500, 2],
  ['exact plan, 2000 × 2000 points in 2 dimensions', 'exact', 2000, 2],
  ['exact plan, 2000 × 2000 points in 30 dimensions', 'exact', 2000, 30],
  ['exact plan, 2000 × 2000 points in 256 dimensions', 'exact', 2000, 256],
  ['sinkhorn against sinkhorn, 2000 × 2000, ε 0.1', 'sinkhorn', 2000, 30, 0.1],
  ['sinkhorn against sinkhorn_log, 2000 × 2000, ε 0.1', 'sinkhorn_log', 2000, 30, 0.1],
  ['sinkhorn against sinkhorn, 500 × 500, ε 0.03', 'sinkhorn', 500, 5, 0.03],
  ['sinkhorn against sinkhorn_log, 500 × 500, ε 0.03', 'sinkhorn_log', 500, 5, 0.03],
  ['unbalanced, 1000 × 1000, ε 0.05, ρ 0.5', 'unbalanced', 1000, 5, 0.05],
]
const surf = (name) => join(data, `office-caltech10-surf/${name}.npz`)
const large = ['Caltech to Amazon', surf('caltech'), surf('amazon')]
const small = ['DSLR to Webcam', surf('dslr'), surf('webcam')]
const methods = [
  ['ot', large, []],
  ['sinkhorn', large, ['regularisation=0.1']],
  ['ot-class-regularised', large, ['regularisation=0.1', 'classWeight=0.5', 'steps=10']],
  ['unbalanced-ot', large, ['regularisation=0.1', 'marginalPenalty=1']],
  ['linear-ot', large, ['ridge=0.1']],
  ['ot-laplace', small, ['laplaceWeight=1', 'withinClasses=false', 'steps=20']],
]

const withPeer = spawnSync('python3', ['-c', 'import ot, scipy']).status === 0
if (!withPeer) console.error('no peer: python3 with POT is not installed (pip install pot)')
const withData = existsSync(surf('caltech'))
if (!withData) console.error(`no methods: ${surf('caltech')} is missing, name the folder by --data or GRAFT_DATA`)

const peerName = (peer) => (peer === undefined ? 'POT' : `POT ${peer.version}`)
const withPeerOnly = (measured) => (withPeer ? measured : undefined)

const cases = []
const folder = mkdtempSync(join(tmpdir(), 'graft-transport-'))
try {
  for (const [name, solver, rows, columns, regularisation = 0] of solvers) {
    if (!name.includes(only)) continue
    const points = join(folder, `${rows}-${columns}.bin`)
    if (!existsSync(points)) writeFileSync(points, drawnPoints(rows, columns))
    const args = [solver, points, rows, columns, regularisation].map(String)
    const sides = {
      graft: () => measure(process.execPath, [here('transport-run.mjs'), ...args]),
      peer: withPeerOnly(() => measure('python3', [peerScript, 'solve', ...args])),
    }
    cases.push(await compare(name, sides, runs, peerName))
  }
  for (const [method, [task, source, target], options] of withData ? methods : []) {
    const name = `${method}, ${task}`
    if (!name.includes(only)) continue
    const args = [method, source, target]
    const sides = {
      graft: () => measure(process.execPath, [here('graft-run.mjs'), ...args, ...options, '--scale', 'l1-zscore']),
      peer: withPeerOnly(() => measure('python3', [peerScript, 'adapt', ...args])),
    }
    cases.push(await compare(name, sides, runs, peerName))
  }
} finally {
  rmSync(folder, { recursive: true })
}

printCases('transport', cases, json)

/** Standard normal source points, then target points that are wider and shifted, row by row. */
function drawnPoints(rows, columns) {
  const random = seededRandom(rows + columns)
  const half = rows * columns
  return Float64Array.from({ length: 2 * half }, (_, e) => (e < half ? random.normal() : 1.2 * random.normal() + 0.5))
}
