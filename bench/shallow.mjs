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
import { compare, here, leave, peerOptions, peerTasks, printCases } from './beside-peer.mjs'
import { measure } from './child.mjs'

const options = peerOptions(5)
const { data, runs, only, json } = options
const reference = join(process.env.GRAFT_REFERENCE ?? here('../../shared/reference'), 'shallow.py')
const closedForm = here('peers/closed_form.py')
const tasks = peerTasks(data)
const methods = [
  { method: 'tca', components: 100, settings: ['kernel=primal', 'lambda=1'], peer: reference },
  { method: 'jda', components: 100, settings: ['kernel=primal', 'lambda=1', 'iterations=10'], peer: reference },
  { method: 'tca', label: 'tca (defaults)', peer: reference },
  { method: 'jda', label: 'jda (defaults)', peer: reference },
  { method: 'coral', peer: closedForm },
  { method: 'sa', components: 20, peer: closedForm },
  { method: 'gfk', components: 20, peer: closedForm },
]

const cases = []
for (const { method, label = method, components, settings = [], peer } of methods) {
  const unusable = whyUnusable(peer)
  for (const { task, paths, scale } of tasks) {
    const name = `${label}, ${task}`
    if (!name.includes(only)) continue
    const dimension = components === undefined ? [] : [components]
    const chosen = [...dimension.map((count) => `components=${count}`), ...settings]
    const sides = {
      graft: () => measure(process.execPath, [here('graft-run.mjs'), method, ...paths, ...chosen, '--scale', scale]),
      peer:
        unusable === undefined
          ? () => measure('python3', [peer, method, ...paths, ...dimension.map(String)])
          : undefined,
    }
    if (unusable !== undefined) console.error(`${name}: no peer, ${unusable}`)
    cases.push(await compare(name, sides, runs, () => 'NumPy and SciPy'))
  }
}

for (const script of ['reweighting.mjs', 'transport.mjs']) cases.push(...casesOf(script))

printCases('shallow', cases, json)

/** The cases of another benchmark of closed-form methods. */
function casesOf(script) {
  const folder = options.given === undefined ? [] : ['--data', options.given]
  const call = [here(script), '--json', '--runs', String(runs), '--only', only, ...folder]
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
