/**
 * How time and memory grow with the number of rows: two domains of n rows × 256 features, five methods with logistic
 * regression.
 *
 *     npm run bench:scale -- [--json] [--output FILE] [--rows 6250,12500,25000,50000] [--methods coral,sa,pca,tca,gfk]
 *                            [--runs N]
 *
 * Every run is a process of its own, the methods take turns, and medians are kept. Seconds are those of the method, its
 * classifier and the prediction. Memory is the peak of the whole process; the two domains alone take
 * 2 · n · 256 · 8 bytes, and as much again once they are prepared. The exponent is the slope of log(seconds) over
 * log(n): 1 means twice the time for twice the rows. There is no peer to compare with, so `peer` is null. `--output`
 * writes what `--json` prints into a file, from which scripts/write-scale.mjs makes docs/scale.md and its picture.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure, median } from './child.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    output: { type: 'string' },
    rows: { type: 'string', default: '6250,12500,25000,50000' },
    methods: { type: 'string', default: 'coral,sa,pca,tca,gfk' },
    runs: { type: 'string', default: '3' },
  },
})
const script = fileURLToPath(new URL('scale-run.mjs', import.meta.url))
const sizes = values.rows.split(',').map((rows) => wholeNumber('--rows', rows))
const methods = values.methods.split(',')
const runs = wholeNumber('--runs', values.runs)

console.error('no peer: what is measured is growth')
const cells = sizes.flatMap((rows) => methods.map((method) => ({ method, rows, measured: [] })))
for (let run = 1; run <= runs; run++) {
  for (const { method, rows, measured } of cells) {
    const result = await measure(process.execPath, [script, method, `${rows}`])
    measured.push(result)
    console.error(`run ${run}, ${method}, ${rows} rows: ${result.seconds.toFixed(2)} s, ${megabytes(result)} MB`)
  }
}
const cases = cells.map(({ method, rows, measured }) => ({
  case: `${method}, ${rows} rows`,
  graft: 1000 * median(measured.map(({ seconds }) => seconds)),
  peer: null,
  peerName: null,
  ratio: null,
  runs,
  method,
  rows,
  accuracy: median(measured.map(({ accuracy }) => accuracy)),
  peakMemoryBytes: median(measured.map(({ peakMemoryBytes }) => peakMemoryBytes)),
}))
const growth = methods.map((method) => ({
  method,
  exponent: sizes.length > 1 ? slope(cases.filter((one) => one.method === method)) : null,
}))
const result = {
  bench: 'scale',
  machine: { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
  cases,
  growth,
}

if (values.output !== undefined) writeFileSync(values.output, `${JSON.stringify(result, null, 2)}\n`)
if (values.json) console.log(JSON.stringify(result))
else printTable()

function printTable() {
  const row = ({ method, exponent }) => [
    method,
    Object.fromEntries([
      ...cases
        .filter((one) => one.method === method)
        .map((one) => [`${one.rows} rows`, `${(one.graft / 1000).toFixed(2)} s, ${megabytes(one)} MB`]),
      ['exponent', exponent?.toFixed(2) ?? '-'],
    ]),
  ]
  console.table(Object.fromEntries(growth.map(row)))
}

/** Least-squares slope of log(time) over log(rows). */
function slope(points) {
  const x = points.map((point) => Math.log(point.rows))
  const y = points.map((point) => Math.log(point.graft))
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length
  const [mx, my] = [mean(x), mean(y)]
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0)
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0)
}

function megabytes({ peakMemoryBytes }) {
  return Math.round(peakMemoryBytes / 1e6)
}

function wholeNumber(option, text) {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  console.error(`${option} wants whole numbers of 1 or more, got "${text}"`)
  process.exit(2)
}
