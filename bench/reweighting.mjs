/**
 * Weights of source rows beside NumPy, SciPy and CVXOPT, on real data.
 *
 *     npm run bench:reweighting -- [--json] [--data DIR] [--runs N] [--only TEXT]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data). Both sides run in processes of their
 * own, in turn, the one that goes first changing from run to run; each reports the median seconds of weights and nearest
 * neighbour of the later transfers of a process, the first one beside it. The peer is bench/peers/reweighting.py with the
 * same widths, penalties, centres and folds; it needs python3 with SciPy, and solves KMM by CVXOPT where that is
 * installed.
 */
import { spawnSync } from 'node:child_process'
import { compare, here, peerOptions, peerTasks, printCases } from './beside-peer.mjs'
import { measure } from './child.mjs'

const { data, runs, only, json } = peerOptions(3)
const peerScript = here('peers/reweighting.py')
const tasks = peerTasks(data)

const withPeer = spawnSync('python3', ['-c', 'import numpy, scipy.optimize']).status === 0
if (!withPeer) console.error('no peer: python3 with numpy and scipy is not installed (Debian: python3-scipy)')

const cases = []
for (const method of ['kmm', 'kliep', 'ulsif', 'rulsif']) {
  for (const { task, paths, scale } of tasks) {
    const name = `${method}, ${task}`
    if (!name.includes(only)) continue
    const sides = {
      graft: () => measure(process.execPath, [here('graft-run.mjs'), method, ...paths, '--scale', scale]),
      peer: withPeer ? () => measure('python3', [peerScript, method, ...paths]) : undefined,
    }
    cases.push(await compare(name, sides, runs, (peer) => peer?.solver ?? 'NumPy and SciPy'))
  }
}

printCases('reweighting', cases, json)
