/**
 * How time and memory grow with the number of rows: two domains of n rows × 256 features, five methods with logistic
 * regression, each run in a process of its own.
 *
 *     npm run bench:scale -- [--json] [--rows 6250,12500,25000,50000] [--methods coral,sa,pca,tca,gfk]
 *
 * The exponent is the slope of log(seconds) over log(n): 1 means twice the time for twice the rows. Memory is the peak
 * of the whole process; the two domains alone take 2 · n · 256 · 8 bytes.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure } from './child.mjs'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '6250,12500,25000,50000' },
    methods: { type: 'string', default: 'coral,sa,pca,tca,gfk' },
  },
})
const settings = {
  coral: [],
  sa: [],
  pca: [],
  tca: [],
  gfk: [],
}
const script = fileURLToPath(new URL('scale-run.mjs', import.meta.url))
const sizes = values.rows.split(',').map(Number)

const cases = []
for (const method of values.methods.split(',')) {
  const runs = []
  for (const rows of sizes) {
    const run = await measure(process.execPath, [script, method, `${rows}`, ...(settings[method] ?? [])])
    console.error(`${method}, ${rows} rows: ${run.seconds.toFixed(2)} s, ${megabytes(run)} MB`)
    runs.push(run)
  }
  cases.push({ case: method, exponent: sizes.length > 1 ? slope(runs) : null, runs })
}

if (values.json) {
  console.log(JSON.stringify({ bench: 'scale', cases }))
} else {
  const row = ({ case: name, exponent, runs }) => [
    name,
    Object.fromEntries([
      ...runs.map((run) => [`${run.rows} rows`, `${run.seconds.toFixed(2)} s, ${megabytes(run)} MB`]),
      ['exponent', exponent?.toFixed(2) ?? '-'],
    ]),
  ]
  console.table(Object.fromEntries(cases.map(row)))
}

/** Least-squares slope of log(seconds) over log(rows). */
function slope(runs) {
  const x = runs.map((run) => Math.log(run.rows))
  const y = runs.map((run) => Math.log(run.seconds))
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length
  const [mx, my] = [mean(x), mean(y)]
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0)
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0)
}

function megabytes({ peakMemoryBytes }) {
  return Math.round(peakMemoryBytes / 1e6)
}
