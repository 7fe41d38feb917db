/**
 * Renews what docs/training.md says of memory, from the measurements in docs/training-memory.json: a paragraph between
 * two markers, and the picture docs/training-memory.png. Measure first, on a machine that does nothing else:
 *
 *     npm run bench:training-memory -- --output docs/training-memory.json
 *     npm run build && node scripts/write-training-memory.mjs && npm run format
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { writeAtomically } from '../packages/node/dist/files/index.js'
import { canDrawText } from '../packages/node/dist/report/index.js'
import { lightPalette } from '../packages/node/dist/report/palette.js'
import { replaceBetween } from './method-documents.mjs'
import { trainingMemoryPicture } from './training-memory-picture.mjs'

/** Pixels per inch for 1.8 times the size of the drawing. */
const DENSITY = 130
const docs = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url))

const measured = JSON.parse(readFileSync(docs('training-memory.json'), 'utf8'))
if (!(await canDrawText())) throw new Error('no typeface is installed: install one (Debian: fonts-dejavu-core)')
const svg = trainingMemoryPicture(measured, lightPalette)
await writeAtomically(
  docs('training-memory.png'),
  await sharp(Buffer.from(svg), { density: DENSITY }).png({ palette: true, compressionLevel: 9 }).toBuffer(),
)

const { machine, steps, case: network, live, samples } = measured
const megabytes = (bytes) => (bytes / 1e6).toFixed(1)
const later = samples.filter(({ step }) => step >= steps / 4).map(({ rss }) => rss)
const paragraph = [
  `${steps.toLocaleString('en')} steps of a network ${network}: after a garbage collection at step ${samples[1].step}, JavaScript held ${megabytes(live[0])} MB,`,
  `heap and tensors together, and after one at the end ${megabytes(live[1])} MB. In between nothing asked for a collection: the`,
  `whole process, ONNX Runtime included, had between ${Math.round(Math.min(...later) / 1e6)} and ${Math.round(Math.max(...later) / 1e6)} MB from step ${(steps / 4).toLocaleString('en')} on.`,
  `(${machine.processor}, ${machine.cores} cores, Node ${machine.node.replace('v', '')}.)`,
].join('\n')
const page = readFileSync(docs('training.md'), 'utf8')
const markers = ['<!-- measured -->', '<!-- /measured -->']
writeFileSync(docs('training.md'), replaceBetween(page, markers, paragraph))
