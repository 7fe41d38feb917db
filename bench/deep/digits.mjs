/** Deep adaptation between USPS and MNIST, 28 × 28 pixels, by LeNet-5 from random weights. */
import { adapt, matrix, nodeRuntime } from 'graft-learn'
import { mnistDigits, uspsDigits } from './digits-data.mjs'
import { deviationOf, meanOf } from './statistics.mjs'

/** Methods of the table. */
const METHODS = [
  'source-only',
  'dan',
  'jan',
  'dann',
  'cdan',
  'cdan-e',
  'deep-coral',
  'deep-jdot',
  'mcc',
  'mcd',
  'auto-dial',
  'shot',
]
const TASKS = ['MNIST to USPS', 'USPS to MNIST']

/** SKADA-Bench (2024), full MNIST and USPS, settings picked with labels. */
const PUBLISHED = {
  'source-only': [94.2, 73.4],
  'deep-coral': [97.1, 89.9],
  dan: [95.0, 86.3],
  dann: [92.6, 86.8],
  'deep-jdot': [96.3, 90.2],
  mcc: [98.2, 90.4],
}

/** A run for each task, method and seed: `{ key, task, method, seed, epochs, accuracy, seconds }`. */
export async function* digitRuns({ data, methods = METHODS, seeds = 5, epochs = 10, threads }, kept) {
  const domains = { USPS: uspsDigits(data), MNIST: mnistDigits() }
  for (let seed = 0; seed < seeds; seed++) {
    for (const method of methods) {
      for (const task of TASKS) {
        const key = `digits, ${task}, ${method}, ${epochs} epochs, seed ${seed}`
        const found = kept.find((run) => run.key === key)
        if (found !== undefined) {
          yield found
          continue
        }
        const [source, target] = task.split(' to ').map((name) => domains[name])
        const started = performance.now()
        const accuracy = await accuracyOf(source, target, method, { epochs }, seed, threads)
        yield { key, task, method, seed, epochs, accuracy, seconds: (performance.now() - started) / 1000 }
      }
    }
  }
}

async function accuracyOf(source, target, method, options, seed, threads) {
  const runtime = await nodeRuntime(threads === undefined ? {} : { threads })
  const features = ({ rows, features: pixels }) => matrix(rows, pixels.length / rows, pixels)
  const { predicted } = await adapt({
    runtime,
    task: { kind: 'classification', classes: [...'0123456789'] },
    sources: [{ name: 'source', features: features(source), labels: source.labels }],
    target: { name: 'target', features: features(target) },
    scale: 'none',
    network: { kind: 'lenet' },
    deep: { watch: false },
    method,
    options,
    seed,
  })
  await runtime.release()
  return predicted.filter((digit, row) => digit === target.labels[row]).length / target.rows
}

/** Mean and standard deviation over the seeds, in percent, beside the published figures. */
export function digitsTable(runs) {
  const methods = [...new Set(runs.map(({ method }) => method))]
  const cells = (method) =>
    TASKS.flatMap((task, i) => {
      const found = runs.filter((run) => run.task === task && run.method === method).map((run) => 100 * run.accuracy)
      const published = PUBLISHED[method]?.[i].toFixed(1) ?? '–'
      if (found.length === 0) return ['–', published]
      const spread = found.length > 1 ? ` ± ${deviationOf(found).toFixed(1)}` : ''
      return [`${meanOf(found).toFixed(1)}${spread}`, published]
    })
  const seedsOf = (method) =>
    TASKS.map((task) => runs.filter((run) => run.method === method && run.task === task).length)
  const rows = methods.map((method) => {
    const counts = [...new Set(seedsOf(method))].join(' and ')
    return `| \`${method}\` | ${cells(method).join(' | ')} | ${counts} |`
  })
  return [
    `${runs[0]?.epochs} epochs.`,
    '',
    `| method | ${TASKS.map((task) => `${task} | published`).join(' | ')} | seeds |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n')
}
