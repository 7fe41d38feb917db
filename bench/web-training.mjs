/**
 * The steps of the training benchmark in a browser: Graft through onnxruntime-web (WebAssembly, two threads) beside
 * TensorFlow.js's CPU and WebAssembly backends.
 *
 *     npm run bench:web-training -- [--json] [--runs N] [--only mlp,conv]
 *
 * Every measurement has a headless Chromium of its own (Debian's, or CHROMIUM), in a page that may use threads; the
 * sides take turns, and medians are kept. The peer of a case is the faster backend; both times stand beside it.
 * TensorFlow.js 4.22 uses one thread though it is asked for two (its issue 8513). Its packages are installed into
 * bench/web-training by `npm ci` the first time. The whole takes a quarter of an hour, most of it TensorFlow.js's
 * convolutions.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createViteServer } from 'vitest/node'
import { median } from './child.mjs'
import { networks } from './training-steps.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(networks).join(',') },
  },
})
const TARGET = 1 / 3
/** How long one measurement may take: TensorFlow.js needs two minutes for a step of `conv`. */
const SECONDS = 600
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const runs = Number(values.runs)
const names = values.only.split(',')
const unknown = names.find((name) => networks[name] === undefined)
if (unknown !== undefined) leave(`there is no case "${unknown}": choose among ${Object.keys(networks).join(', ')}`)
if (!(runs >= 1)) leave(`--runs wants a whole number of 1 or more, got "${values.runs}"`)

const { noChromium, runInChromium } = await browserTools()
if (noChromium !== undefined) leave(noChromium)
const pages = {
  graft: (name) => `bench/web-training/graft-page.mjs?case=${name}`,
  cpu: (name) => `bench/web-training/tfjs-page.mjs?backend=cpu&case=${name}`,
  wasm: (name) => `bench/web-training/tfjs-page.mjs?backend=wasm&case=${name}`,
}
const peers = installed() ? ['cpu', 'wasm'] : []

const cases = []
for (const name of names) cases.push(await compare(name))
if (values.json) console.log(JSON.stringify({ bench: 'web-training', cases }))
else printTable()

/** Runs all sides in turn and gives the medians in milliseconds. */
async function compare(name) {
  const times = { graft: [], cpu: [], wasm: [] }
  const sides = ['graft', ...peers]
  let version = ''
  for (let run = 0; run < runs; run++) {
    for (const side of run % 2 === 0 ? sides : sides.toReversed()) {
      if (times[side] === null) continue
      const result = await runInChromium(pages[side](name), SECONDS)
      version = result.version ?? version
      if (result.isolated === false) console.error(`${name}: the page is not isolated: one thread`)
      if (result.threads === 1)
        console.error(`${name}: the wasm backend of TensorFlow.js took one thread, asked for two`)
      if (result.reason === undefined) times[side].push(result.milliseconds)
      else {
        console.error(`${name}: the ${side} backend of TensorFlow.js cannot train it: ${result.reason}`)
        times[side] = null
      }
    }
    console.error(`${name}: run ${run + 1} of ${runs}`)
  }
  const milliseconds = (side) => (times[side] === null || times[side].length === 0 ? null : round(median(times[side])))
  const [graft, cpu, wasm] = ['graft', 'cpu', 'wasm'].map(milliseconds)
  const peer = cpu === null || wasm === null ? (cpu ?? wasm) : Math.min(cpu, wasm)
  return {
    case: name,
    graft,
    peer,
    peerName: `TensorFlow.js ${version} ${peer === null ? '' : peer === cpu ? 'CPU' : 'WebAssembly'}`.trim(),
    ratio: peer === null ? null : round(graft / peer),
    runs,
    target: round(TARGET),
    peerCpu: cpu,
    peerWasm: wasm,
  }
}

/** What the browser tests of core use, which is TypeScript. */
async function browserTools() {
  const server = await createViteServer({
    root: here('..'),
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, watch: null },
  })
  const tools = await server.ssrLoadModule('/packages/core/test/chromium.ts')
  await server.close()
  return tools
}

/** Installs the peer's packages where they are not there yet; false, with the reason, where they cannot be had. */
function installed() {
  if (existsSync(here('web-training/node_modules/@tensorflow/tfjs-core'))) return true
  const { status, stderr } = spawnSync('npm', ['ci', '--prefix', here('web-training')], { encoding: 'utf8' })
  if (status === 0) return true
  console.error(`no peer: TensorFlow.js cannot be installed: ${stderr.trim()}`)
  return false
}

function printTable() {
  const row = (one) => [
    one.case,
    {
      'graft, ms': one.graft,
      'TensorFlow.js CPU, ms': one.peerCpu ?? '-',
      'TensorFlow.js WebAssembly, ms': one.peerWasm ?? '-',
      'faster one / graft': one.ratio === null ? '-' : round(1 / one.ratio),
    },
  ]
  console.table(Object.fromEntries(cases.map(row)))
}

function round(value) {
  return Math.round(value * 1000) / 1000
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
