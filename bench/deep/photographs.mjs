/** Adaptation between the photographs of Office-Caltech10's four domains, on the features of MobileNetV2 0.35. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deviationOf, meanOf } from './statistics.mjs'

const DEEP = ['source-only', 'ddc', 'dan', 'jan', 'dann', 'cdan', 'deep-coral', 'mcc', 'shot']
const CLOSED = ['none', 'coral', 'sa', 'jda', 'bda', 'meda', 'easytl', 'ot-laplace']
const DOMAINS = ['amazon', 'caltech10', 'dslr', 'webcam']
const BACKBONE = 'mobilenet_v2_0.35_224_features.onnx'
const graft = fileURLToPath(new URL('../../packages/node/bin/graft.js', import.meta.url))

const TASKS = DOMAINS.flatMap((source) =>
  DOMAINS.filter((target) => target !== source).map((target) => ({ source, target })),
)
const shortName = ({ source, target }) => `${source[0].toUpperCase()} → ${target[0].toUpperCase()}`

/** A run for each task, method and seed: `{ key, task, method, seed, accuracy }`; one call of `graft adapt` for each task and seed. */
export async function* photographRuns({ data, methods = [...DEEP, ...CLOSED], seeds = 1, epochs = 40 }, kept) {
  for (let seed = 0; seed < seeds; seed++) {
    for (const task of TASKS) {
      const keyOf = (method) => `photographs, ${shortName(task)}, ${method}, ${epochs} epochs, seed ${seed}`
      const missing = methods.filter((method) => !kept.some(({ key }) => key === keyOf(method)))
      const found = missing.length === 0 ? {} : adapted(data, task, missing, epochs, seed)
      for (const method of methods) {
        const key = keyOf(method)
        yield kept.find((run) => run.key === key) ?? { key, task: shortName(task), method, seed, ...found[method] }
      }
    }
  }
}

function adapted(data, { source, target }, methods, epochs, seed) {
  const folder = (domain) => join(data, 'office-caltech10-images', domain)
  const out = mkdtempSync(join(tmpdir(), 'graft-bench-'))
  const deep = methods.some((method) => DEEP.includes(method))
  const args = [
    ...['adapt', '--source', folder(source), '--target', folder(target), '--method', methods.join(',')],
    ...['--backbone', join(data, 'backbones', BACKBONE), '--preset', 'mobilenet', '--reuse', 'all'],
    ...(deep ? ['--epochs', `${epochs}`] : []),
    ...['--classifier', 'logistic-regression', '--seed', `${seed}`, '--out', out, '--json', '--quiet'],
  ]
  const text = execFileSync(process.execPath, [graft, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 })
  rmSync(out, { recursive: true, force: true })
  const result = JSON.parse(text)
  const outcomes = result.methods ?? [result]
  return Object.fromEntries(
    outcomes.map(({ method, scores, seconds }) => [method, { accuracy: scores.adapted, seconds: seconds.fit }]),
  )
}

/**
 * The accuracy of each task, the mean, and what was gained over the source alone, with the deviation of that over seeds; of
 * the seeds that all methods of a table have all tasks of.
 */
export function photographsTables(runs) {
  const tasks = TASKS.map(shortName)
  const all = [...new Set(runs.map(({ method }) => method))]
  const table = (methods, baseline) => {
    const known = new Map(runs.map((run) => [`${run.method}, ${run.task}, ${run.seed}`, 100 * run.accuracy]))
    const of = (method, task, seed) => known.get(`${method}, ${task}, ${seed}`)
    const seeds = [...new Set(runs.map(({ seed }) => seed))].filter((seed) =>
      methods.every((method) => tasks.every((task) => of(method, task, seed) !== undefined)),
    )
    const scoresOf = (method) => tasks.map((task) => meanOf(seeds.map((seed) => of(method, task, seed))))
    const base = scoresOf(baseline)
    const rows = methods.map((method) => {
      const scores = scoresOf(method)
      const cells = scores.map((score, i) => (score < base[i] - 0.05 ? `_${score.toFixed(1)}_` : score.toFixed(1)))
      const gains = seeds.map((seed) => meanOf(tasks.map((task) => of(method, task, seed) - of(baseline, task, seed))))
      return `| \`${method}\` | ${cells.join(' | ')} | ${meanOf(scores).toFixed(1)} | ${method === baseline ? '' : gainText(gains)} |`
    })
    const head = `| method | ${tasks.join(' | ')} | mean | gain |`
    const count = seeds.length === 1 ? 'One seed.' : `Means of ${seeds.length} seeds.`
    return [`${count}\n`, head, `| --- |${' ---: |'.repeat(tasks.length + 2)}`, ...rows].join('\n')
  }
  const closed = all.filter((method) => CLOSED.includes(method))
  const deep = all.filter((method) => !CLOSED.includes(method))
  return {
    ...(deep.includes('source-only') && { 'photographs-deep': table(deep, 'source-only') }),
    ...(closed.includes('none') && { 'photographs-closed': table(closed, 'none') }),
  }
}

function gainText(gains) {
  const gain = meanOf(gains)
  const deviation = gains.length < 2 ? '' : ` ± ${deviationOf(gains).toFixed(1)}`
  return `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(1)}${deviation}`
}
