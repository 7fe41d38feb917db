/**
 * Images per second from JPEG files to features, beside Python's onnxruntime: the same network, files and threads.
 *
 *     npm run bench:feature-extraction -- [--json] [--runs N] [--threads N] [--images N] [--model F.onnx] [--folder DIR]
 *
 * `network`: images that are decoded already, the same values on both sides; `decode`: files to values, Pillow in as many
 * threads on the other side; `files`: from files to features, decoding beside the network. Times are milliseconds per
 * image. Both sides run in processes of their own, in turn, the one that goes first changing from run to run; each gives the
 * median of five passes. The peer takes the best of several batch sizes. Model and folder are those of the benchmark
 * data (GRAFT_DATA, default ../shared/data); it needs python3 with numpy, onnxruntime and Pillow.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './child.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = process.env.GRAFT_DATA ?? here('../../shared/data')
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    images: { type: 'string', default: '128' },
    model: { type: 'string', default: join(data, 'backbones', 'mobilenet_v2_0.35_224_features.onnx') },
    folder: { type: 'string', default: join(data, 'office-caltech10-images', 'dslr') },
  },
})
/** At least 90 % of the peer's throughput. */
const TARGET = 1 / 0.9
const runs = wholeNumber('--runs', values.runs)
const threads = wholeNumber('--threads', values.threads)
const images = wholeNumber('--images', values.images)
for (const path of [values.model, values.folder]) if (!existsSync(path)) leave(`${path} is missing: name another one`)

const unusable = whyUnusable()
if (unusable !== undefined) console.error(`no peer: ${unusable}`)
const work = mkdtempSync(join(tmpdir(), 'graft-bench-'))
try {
  const cases = await compare()
  if (values.json) console.log(JSON.stringify({ bench: 'feature-extraction', cases }))
  else printTable(cases)
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function compare() {
  const shared = [values.model, values.folder, `${images}`, `${threads}`, work]
  // Writes the decoded images and the list of files for both sides.
  await measure(process.execPath, [here('feature-extraction-run.mjs'), ...shared, 'prepare'])
  const sides = {
    graft: () => measure(process.execPath, [here('feature-extraction-run.mjs'), ...shared, 'measure']),
    peer: () => measure('python3', [here('peers/feature_extraction.py'), values.model, work, `${threads}`]),
  }
  const results = { graft: [], peer: [] }
  for (let run = 0; run < runs; run++) {
    for (const side of run % 2 === 0 ? ['graft', 'peer'] : ['peer', 'graft']) {
      if (side === 'graft' || unusable === undefined) results[side].push(await sides[side]())
    }
    console.error(`run ${run + 1} of ${runs}`)
  }
  return ['network', 'decode', 'files'].map((name) => {
    const middle = (side) => (side.length === 0 ? null : round(median(side.map((result) => result[name]))))
    const [graft, peer] = [middle(results.graft), middle(results.peer)]
    const versions = results.peer[0]?.versions
    return {
      case: name,
      graft,
      peer,
      peerName: versions === undefined ? 'onnxruntime' : versions[name],
      ratio: peer === null ? null : round(graft / peer),
      runs,
      target: name === 'network' ? round(TARGET) : null,
      imagesPerSecond: Math.round(1000 / graft),
      threads,
    }
  })
}

/** Why the peer cannot run, if it cannot. */
function whyUnusable() {
  const { status } = spawnSync('python3', ['-c', 'import numpy, onnxruntime, PIL'])
  return status === 0 ? undefined : 'python3 with numpy, onnxruntime and Pillow is not installed'
}

function printTable(cases) {
  const row = ({ case: name, graft, peer, peerName, ratio, target, imagesPerSecond }) => [
    name,
    {
      'graft, ms per image': graft,
      'images per second': imagesPerSecond,
      'peer, ms': peer ?? '-',
      peer: peerName,
      'graft / peer': ratio ?? '-',
      'at most': target ?? '-',
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
