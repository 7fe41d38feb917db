/**
 * Graft's side of a comparison, in a process of its own: one transfer between two `.npz` files (`x`, `y`).
 *
 *     node bench/graft-run.mjs METHOD SOURCE.npz TARGET.npz [--scale S] [--classifier ID] [name=value …]
 *
 * Prints one JSON line: the method, its accuracy, and the seconds of method and classifier, without reading, scaling
 * and loading ONNX Runtime, as the Python scripts leave out their imports. The transfer is done nine times: `seconds`
 * is the median of all but the first, `firstSeconds` the first, in which JavaScript and the graphs are compiled too.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { adapt, nodeRuntime } from 'graft-learn'
import { median } from './child.mjs'
import { readNpz } from './npz.mjs'
import { readSettings } from './settings.mjs'

// As the command runs: see packages/node/bin/graft.js.
setFlagsFromString('--no-concurrent-marking')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: 'zscore' },
    classifier: { type: 'string', default: 'nearest-neighbour' },
  },
})
const [method, sourceFile, targetFile, ...settings] = positionals
const source = readNpz(sourceFile)
const target = readNpz(targetFile)
const names = [...new Set(source.y.values)].sort((a, b) => a - b)
const domain = (name, { x, y }) => ({
  name,
  features: { rows: x.shape[0], columns: x.shape[1], data: x.values },
  labels: Int32Array.from(y.values, (label) => names.indexOf(label)),
})
const scored = domain('target', target)
const runtime = await nodeRuntime()
const run = async () => {
  const { predicted, seconds } = await adapt({
    task: { kind: 'classification', classes: names.map(String) },
    sources: [domain('source', source)],
    target: { name: scored.name, features: scored.features },
    scale: values.scale,
    method,
    options: readSettings(settings),
    classifier: values.classifier,
    runtime,
  })
  const right = predicted.reduce((count, label, i) => count + (label === scored.labels[i] ? 1 : 0), 0)
  return { accuracy: right / scored.labels.length, seconds: seconds.fit + seconds.predict }
}
const first = await run()
const later = []
for (let i = 0; i < 8; i++) later.push(await run())
await runtime.release()
const seconds = median(later.map((each) => each.seconds))
console.log(JSON.stringify({ method, accuracy: first.accuracy, seconds, firstSeconds: first.seconds }))
