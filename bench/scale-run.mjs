/**
 * One transfer between two made domains of N rows × 256 features, in a process of its own.
 *
 *     node bench/scale-run.mjs METHOD N [name=value …]
 *
 * Ten classes, each a normal cloud around a mean of its own; the target is the same, turned in pairs of features and
 * shifted. Prints one JSON line with the seconds of method and classifier (logistic regression), the accuracy, and the
 * peak memory of the whole process.
 */
import { adapt, nodeRuntime, seededRandom } from 'graft-learn'
import { readSettings } from './settings.mjs'

const FEATURES = 256
const CLASSES = 10

const [method, size, ...settings] = process.argv.slice(2)
const rows = Number(size)
const random = seededRandom(0)
const means = Float64Array.from({ length: CLASSES * FEATURES }, () => 0.3 * random.normal())

/** Rows of all classes in turn; feature pairs turned by `angle` and every feature moved by `shift`. */
function makeDomain(name, stream, angle, shift) {
  const data = new Float64Array(rows * FEATURES)
  const labels = Int32Array.from({ length: rows }, (_, i) => i % CLASSES)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < FEATURES; j += 2) {
      const mean = labels[i] * FEATURES + j
      const a = means[mean] + stream.normal()
      const b = means[mean + 1] + stream.normal()
      data[i * FEATURES + j] = cos * a - sin * b + shift
      data[i * FEATURES + j + 1] = sin * a + cos * b + shift
    }
  }
  return { name, features: { rows, columns: FEATURES, data }, labels }
}

const source = makeDomain('source', random.fork('source'), 0, 0)
const { labels, ...target } = makeDomain('target', random.fork('target'), 0.5, 1)
const result = await adapt({
  task: { kind: 'classification', classes: Array.from({ length: CLASSES }, (_, c) => `class ${c}`) },
  sources: [source],
  target,
  method,
  options: readSettings(settings),
  classifier: 'logistic-regression',
  runtime: await nodeRuntime(),
})
const right = result.predicted.reduce((count, label, i) => count + (label === labels[i] ? 1 : 0), 0)
console.log(
  JSON.stringify({
    method,
    rows,
    accuracy: right / rows,
    seconds: result.seconds.fit + result.seconds.predict,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }),
)
