/**
 * Makes docs/picture.png, the picture at the head of README.md: what `graft demo` does, with the report's own panels.
 * MNIST digits (source) and UCI digits (target) before the transfer and after JDA, and the accuracy of every method.
 *
 *     npm run build && node scripts/make-picture.mjs [FILE]
 *
 * Takes some seconds. The same sources and the same machine give the same picture; a machine without a sans-serif
 * face cannot draw its text and says so.
 */
import { fileURLToPath } from 'node:url'
import { embeddedDigits } from 'graft-cli'
import { adapt, nodeRuntime } from 'graft-learn'
import sharp from 'sharp'
import { scoreOf } from '../packages/node/dist/adapt/assess.js'
import { readTransfer } from '../packages/node/dist/adapt/read-transfer.js'
import { writeAtomically } from '../packages/node/dist/files/index.js'
import { classMark, drawMark } from '../packages/node/dist/report/figures/class-mark.js'
import { scatterPanel } from '../packages/node/dist/report/figures/scatter-panel.js'
import { canDrawText, projectPair, scatterPoints } from '../packages/node/dist/report/index.js'
import { lightPalette as palette } from '../packages/node/dist/report/palette.js'
import { figureFont } from '../packages/node/dist/report/panel.js'
import { percent, pointsBetween, signed } from '../packages/node/dist/report/text.js'

const METHODS = ['none', 'pca', 'sa', 'coral', 'tca', 'gfk', 'jda']
const SHOWN = 'jda'
/** Rows of each domain that are drawn: enough to see the classes, few enough to see single rows. */
const ROWS = 700
const [WIDTH, HEIGHT, MARGIN] = [912, 420, 24]
/** Of the report's panels. */
const SCALE = 0.9
/** Pixels per inch for 1.8 times that size. */
const DENSITY = 130

const file = process.argv[2] ?? fileURLToPath(new URL('../docs/picture.png', import.meta.url))
if (!(await canDrawText())) throw new Error('no typeface is installed: install one (Debian: fonts-dejavu-core)')

const { source, target } = embeddedDigits()
const data = await readTransfer({ sources: [source], target, methods: METHODS }, console.warn)
const runtime = await nodeRuntime()
const scores = new Map()
let shown
for (const method of METHODS) {
  const result = await adapt({ ...data, method, runtime })
  scores.set(method, scoreOf(data.truth, result.predicted))
  if (method === SHOWN) shown = result
}
await runtime.release()

const classes = data.task.classes
const scatter = (title, state, prefix) => {
  const points = scatterPoints(
    projectPair(state.source, state.target, { shown: ROWS }),
    (row) => classes[data.sources[0].labels[row]],
    (row) => classes[data.truth[row]],
  )
  const classOf = (point) => classes.indexOf(point.className)
  return scatterPanel(
    {
      title,
      alt: '',
      points,
      prefix,
      groupOf: (point) => `${point.className} ${point.domain}`,
      markOf: (point) => classMark(classOf(point), point.domain === 'source', palette),
    },
    palette,
  ).content
}

const text = (x, y, size, content, more = '') =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${palette.text}" ${more}>${content}</text>`
const panel = (x, y, content) => `<g transform="translate(${x},${y}) scale(${SCALE})">${content}</g>`
const key = classes.map((name, i) => {
  const marks = [true, false].map(
    (filled, m) => `<g transform="translate(${m * 13},0)">${drawMark(classMark(i, filled, palette), 4.5)}</g>`,
  )
  return `<g transform="translate(${MARGIN + 6 + i * 60},${HEIGHT - 22})">${marks.join('')}${text(22, 4.5, 13, name)}</g>`
})

/** The scores as bars, with the source-only score as a line: 200 wide, as high as the scatter plots. */
const bars = () => {
  const baseline = scores.get('none')
  const [left, height, perPoint] = [46, 37, 126]
  const rows = METHODS.map((id, i) => {
    const score = scores.get(id)
    const points = pointsBetween(score, baseline)
    const colour = id === 'none' ? palette.before : points > 0 ? palette.better : palette.worse
    const gain = id === 'none' ? '' : ` (${signed(points)})`
    const y = 33 + i * height
    return [
      text(left - 8, y + 16, 13, id, 'text-anchor="end"'),
      `<rect x="${left}" y="${y}" width="${score * perPoint}" height="22" fill="${colour}"/>`,
      text(left + 0.74 * perPoint, y + 16, 12.5, percent(score) + gain),
    ].join('')
  })
  const x = left + baseline * perPoint
  const line = `<path d="M${x} 28V${28 + METHODS.length * height}" stroke="${palette.muted}" stroke-dasharray="4 3"/>`
  return text(0, 14, 12, 'Accuracy on the target', 'font-weight="600"') + rows.join('') + line
}

const heading = 'Labelled digits of one collection teach a classifier for another'
const explanation =
  'Filled: MNIST, labelled. Outline: UCI, whose labels only score. Nearest neighbour; 8 × 8 pixels, each domain z-scored.'
const content = [
  text(MARGIN, 32, 18, heading, 'font-weight="600"'),
  text(MARGIN, 53, 12.5, explanation, 'fill-opacity=".8"'),
  panel(MARGIN, 72, scatter('Before', shown.before, 'before-')),
  panel(MARGIN + 328, 72, scatter('After joint distribution adaptation', shown.after, 'after-')),
  `<g transform="translate(${MARGIN + 656},72)">${bars()}</g>`,
  ...key,
]
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${figureFont}" color="${palette.text}"><rect width="${WIDTH}" height="${HEIGHT}" fill="${palette.background}"/>${content.join('')}</svg>`
const png = await sharp(Buffer.from(svg), { density: DENSITY }).png({ palette: true, compressionLevel: 9 }).toBuffer()
await writeAtomically(file, png)
console.log(`${file}: ${Math.round(png.length / 1000)} kB`)
