/** The picture of docs/scale.md: seconds and peak memory against the number of rows, a line per method. */
import { classMark, drawMark } from '../packages/node/dist/report/figures/class-mark.js'
import { figureFile, titledPanel } from '../packages/node/dist/report/panel.js'

const [WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM] = [400, 290, 44, 52, 38]
/** Lines of text closer than this would touch. */
const LINE = 14

/** An SVG file. `cases` and `growth` are those that `npm run bench:scale` writes. */
export function scalePicture({ cases, growth }, palette) {
  const rows = [...new Set(cases.map((one) => one.rows))].sort((a, b) => a - b)
  const lines = growth.map(({ method }) => ({ method, points: cases.filter((one) => one.method === method) }))
  const most = (measure) => Math.max(...cases.map(measure))
  const least = (measure) => Math.min(...cases.map(measure))
  const seconds = (one) => one.graft / 1000
  const gigabytes = (one) => one.peakMemoryBytes / 1e9

  const lowest = 0.8 * least(seconds)
  const highest = 1.25 * most(seconds)
  const decades = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].filter((tick) => tick >= lowest && tick <= highest)
  const time = axes({
    x: logarithmic(0.9 * rows[0], 1.1 * rows.at(-1), LEFT, WIDTH - RIGHT),
    y: logarithmic(lowest, highest, HEIGHT - BOTTOM, 6),
    xTicks: rows,
    yTicks: decades,
  })
  const start = Math.sqrt(least(seconds) * Math.max(...cases.filter((one) => one.rows === rows[0]).map(seconds)))
  const memory = axes({
    x: linear(0, 1.06 * rows.at(-1), LEFT, WIDTH - RIGHT),
    y: linear(0, 1.1 * most(gigabytes), HEIGHT - BOTTOM, 6),
    xTicks: rows.slice(1),
    yTicks: steps(most(gigabytes)),
  })
  const panels = [
    panel('Seconds of method, classifier and prediction', time, seconds, {
      note: 'twice the rows, twice the time',
      from: [rows[0], start],
      to: [rows.at(-1), (start * rows.at(-1)) / rows[0]],
    }),
    panel('Peak memory of the process, GB', memory, gigabytes, {
      note: 'the two tables alone',
      from: [0, 0],
      to: [rows.at(-1), (2 * rows.at(-1) * 256 * 8) / 1e9],
    }),
  ]
  const heading = 'Two domains of n rows × 256 features, with logistic regression'
  return figureFile({ id: 'scale', title: heading, columns: 2, panels }, heading, palette)

  function axes({ x, y, xTicks, yTicks }) {
    const right = WIDTH - RIGHT
    const grid = yTicks.map(
      (tick) =>
        `<path d="M${LEFT} ${y(tick)}H${right}" stroke="${palette.rule}"/>${text(LEFT - 7, y(tick) + 4, tick, 'end')}`,
    )
    const below = xTicks.map(
      (tick) =>
        `<path d="M${x(tick)} ${HEIGHT - BOTTOM}v5" stroke="${palette.muted}"/>${text(x(tick), HEIGHT - BOTTOM + 18, tick.toLocaleString('en'))}`,
    )
    const base = `<path d="M${LEFT} ${HEIGHT - BOTTOM}H${right}" stroke="${palette.muted}"/>`
    const label = text((LEFT + right) / 2, HEIGHT - 3, 'rows of each domain')
    return { x, y, drawing: [...grid, ...below, base, label].join('') }
  }

  function panel(title, { x, y, drawing }, measure, guide) {
    const place = (row, value) => `${x(row).toFixed(1)} ${y(value).toFixed(1)}`
    const dashed = `<path d="M${place(...guide.from)}L${place(...guide.to)}" stroke="${palette.muted}" stroke-dasharray="5 4" fill="none"/>`
    const curves = lines.map(({ points }, i) => {
      const mark = classMark(i, true, palette)
      const path = points.map((one) => place(one.rows, measure(one))).join('L')
      const marks = points.map(
        (one) => `<g transform="translate(${place(one.rows, measure(one))})">${drawMark(mark, 3.6)}</g>`,
      )
      return `<path d="M${path}" fill="none" stroke="${mark.colour}" stroke-width="1.8"/>${marks.join('')}`
    })
    const ends = lines.map(({ method, points }, i) => ({
      content: method,
      mark: drawMark(classMark(i, true, palette), 3.6),
      y: y(measure(points.at(-1))) + 4,
    }))
    const names = apart(ends).map(
      (end) =>
        `<g transform="translate(${WIDTH - RIGHT + 8},${end.y - 4})">${end.mark}</g>${text(WIDTH - RIGHT + 15, end.y, end.content, 'start')}`,
    )
    const note = `<path d="M${LEFT + 12} 14h26" stroke="${palette.muted}" stroke-dasharray="5 4"/>${text(LEFT + 44, 18, guide.note, 'start')}`
    const said = lines.map(
      ({ method, points }) => `${method} ${points.map((one) => measure(one).toFixed(2)).join(', ')}`,
    )
    const content = drawing + dashed + curves.join('') + names.join('') + note
    return titledPanel(title, `${title}: ${said.join('; ')}`, WIDTH, HEIGHT, content)
  }

  function text(x, y, content, anchor = 'middle') {
    return `<text x="${x}" y="${y}" font-size="11.5" text-anchor="${anchor}" fill="${palette.text}">${content}</text>`
  }
}

/** The labels in order of height, each at least a line below the one before, together as near to their places as can be. */
function apart(labels) {
  const placed = labels.toSorted((a, b) => a.y - b.y).map((label) => ({ ...label }))
  for (let round = 0; round < 100; round++) {
    for (let i = 1; i < placed.length; i++) {
      const overlap = LINE - (placed[i].y - placed[i - 1].y)
      if (overlap <= 0) continue
      placed[i].y += overlap / 2
      placed[i - 1].y -= overlap / 2
    }
  }
  return placed
}

/** Ticks from 0 in steps of 1, 2 or 5 times a power of ten, five or so of them. */
function steps(most) {
  const power = 10 ** Math.floor(Math.log10(most / 4))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => most / size <= 6)
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => Number((i * step).toPrecision(2)))
}

function linear(from, to, start, end) {
  return (value) => start + ((value - from) / (to - from)) * (end - start)
}

function logarithmic(from, to, start, end) {
  const scale = linear(Math.log(from), Math.log(to), start, end)
  return (value) => scale(Math.log(value))
}
