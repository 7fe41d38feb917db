/**
 * Renews what docs/scale.md says of growth with the rows, from the measurements in docs/scale.json: its table, between
 * two markers, and the picture docs/scale.png. Measure first, on a machine that does nothing else:
 *
 *     npm run bench:scale -- --runs 5 --output docs/scale.json
 *     npm run build && node scripts/write-scale.mjs && npm run format
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { writeAtomically } from '../packages/node/dist/files/index.js'
import { canDrawText } from '../packages/node/dist/report/index.js'
import { lightPalette } from '../packages/node/dist/report/palette.js'
import { replaceBetween } from './method-documents.mjs'
import { scalePicture } from './scale-picture.mjs'

/** Pixels per inch for 1.8 times the size of the drawing. */
const DENSITY = 130
const docs = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url))

const { machine, cases, growth } = JSON.parse(readFileSync(docs('scale.json'), 'utf8'))
if (!(await canDrawText())) throw new Error('no typeface is installed: install one (Debian: fonts-dejavu-core)')

const svg = scalePicture({ cases, growth }, lightPalette)
await writeAtomically(
  docs('scale.png'),
  await sharp(Buffer.from(svg), { density: DENSITY }).png({ palette: true, compressionLevel: 9 }).toBuffer(),
)

const sizes = [...new Set(cases.map(({ rows }) => rows))]
const cell = (one) => `${(one.graft / 1000).toFixed(2)} s, ${(one.peakMemoryBytes / 1e9).toFixed(2)} GB`
const lines = [
  ['method', ...sizes.map((rows) => `${rows.toLocaleString('en')} rows`), 'exponent'],
  ['---', ...sizes.map(() => '---:'), '---:'],
  ...growth.map(({ method, exponent }) => [
    `\`${method}\``,
    ...cases.filter((one) => one.method === method).map(cell),
    exponent.toFixed(2),
  ]),
]
const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n')
const where = `${machine.processor}, ${machine.cores} cores, Node ${machine.node.replace('v', '')}; medians of ${cases[0].runs} runs.`
const markers = ['<!-- measured -->', '<!-- /measured -->']
const page = readFileSync(docs('scale.md'), 'utf8')
writeFileSync(docs('scale.md'), replaceBetween(page, markers, `${table}\n\n${where}`))
