/**
 * Fine-tuning all weights of a pretrained network beside PyTorch: the time per image of a training step.
 *
 *     npm run bench:fine-tuning -- [--json] [--runs N] [--threads N] [--steps N] [--data DIR]
 *
 * DIR is the folder of benchmark data (default: GRAFT_DATA, then ../shared/data), of which the networks in `backbones` are
 * used. Both sides run in processes of their own, in turn, the one that goes first changing from run to run; each gives
 * the median of its steps, and the median of those is kept. The peer needs python3 with torch and onnx. A case is to stay
 * below 1.5 times PyTorch's time.
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
    runs: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
    steps: { type: 'string', default: '8' },
    data: { type: 'string' },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = values.data ?? process.env.GRAFT_DATA ?? here('../../shared/data')
const CLASSES = 10
const cases = [
  { name: 'MobileNetV2-0.35, batch 32', file: 'mobilenet_v2_0.35_224_features.onnx', batch: 32 },
  { name: 'MobileNetV2-0.35, batch 8', file: 'mobilenet_v2_0.35_224_features.onnx', batch: 8 },
]

const unusable = whyUnusable()
if (unusable !== undefined) console.error(`no peer: ${unusable}`)
const results = []
for (const each of cases) results.push(await compare(each))
if (values.json) console.log(JSON.stringify({ bench: 'fine-tuning', cases: results }))
else console.table(Object.fromEntries(results.map(({ case: name, ...rest }) => [name, rest])))

/** Runs both sides in turn and gives the median milliseconds per image. */
async function compare({ name, file, batch }) {
  const path = join(data, 'backbones', file)
  if (!existsSync(path)) leave(`${path} is missing: name the folder of benchmark data by --data or GRAFT_DATA`)
  const numbers = [CLASSES, batch, values.threads, values.steps].map(String)
  const sides = {
    graft: () => measure(process.execPath, [here('fine-tuning-run.mjs'), path, ...numbers]),
    peer: () => measure('python3', [here('peers/fine_tuning.py'), path, ...numbers]),
  }
  const taken = { graft: [], peer: [] }
  for (let run = 0; run < Number(values.runs); run++) {
    const order = run % 2 === 0 ? ['graft', 'peer'] : ['peer', 'graft']
    for (const side of order) {
      if (side === 'graft' || unusable === undefined) taken[side].push(await sides[side]())
    }
    console.error(`${name}: run ${run + 1} of ${values.runs}`)
  }
  const perImage = (side) =>
    side.length === 0 ? null : round(median(side.map(({ milliseconds }) => milliseconds)) / batch)
  const [graft, peer] = [perImage(taken.graft), perImage(taken.peer)]
  const peerName = taken.peer.length === 0 ? 'PyTorch' : `PyTorch ${taken.peer[0].torch}`
  return {
    case: name,
    graft,
    peer,
    peerName,
    ratio: peer === null ? null : round(graft / peer),
    runs: Number(values.runs),
  }
}

function whyUnusable() {
  const { status } = spawnSync('python3', ['-c', 'import torch, onnx'])
  return status === 0 ? undefined : 'python3 with torch and onnx is not installed'
}

function round(value) {
  return Math.round(value * 1000) / 1000
}

function leave(message) {
  console.error(message)
  process.exit(2)
}
