import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const node = fileURLToPath(new URL('..', import.meta.url))
const core = join(node, '..', 'core')
const entries = [join(node, 'dist', 'cli', 'main.js'), join(core, 'dist', 'index.js')]
const stamp = join(node, 'dist', '.built')
const lock = join(node, 'dist', '.building')
/** A lock older than this was left behind by a launch that was killed. */
const LOCK_MS = 60_000

/** Compiles the checkout this file is in, once, where its sources are newer than what was compiled last. */
export function buildIfStale() {
  if (!isStale()) return
  mkdirSync(dirname(lock), { recursive: true })
  while (!acquire()) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    if (!isStale()) return
  }
  try {
    compile()
  } finally {
    rmSync(lock, { force: true })
  }
}

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

function isStale() {
  const built = changed(stamp)
  return !entries.every(existsSync) || [core, node].some((folder) => newest(join(folder, 'src')) > built)
}

/** When the newest source was changed; folders count too, for a file that was removed. */
function newest(folder) {
  let latest = changed(folder)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) latest = Math.max(latest, newest(path))
    else if (!entry.name.endsWith('.test.ts')) latest = Math.max(latest, changed(path))
  }
  return latest
}

/** Whether this launch is the one that builds. */
function acquire() {
  try {
    closeSync(openSync(lock, 'wx'))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (Date.now() - changed(lock) > LOCK_MS) rmSync(lock, { force: true })
    return false
  }
}

function compile() {
  const started = new Date()
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const force = entries.every(existsSync) ? [] : ['--force']
  const { status, stdout, error } = spawnSync(process.execPath, [tsc, '-b', node, ...force], { encoding: 'utf8' })
  if (status !== 0) {
    process.stderr.write(`error: the sources of graft do not compile; run "npm ci", then "npx tsc -b"\n`)
    process.stderr.write(`${error?.message ?? stdout}\n`)
    rmSync(lock, { force: true })
    process.exit(1)
  }
  writeFileSync(stamp, '')
  utimesSync(stamp, started, started)
}
