/** The picture of docs/training.md: what a process holds while it trains, over the steps. */
import { figureFile, titledPanel } from '../packages/node/dist/report/panel.js'

const [WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM] = [760, 250, 44, 150, 38]

/** An SVG file of what `npm run bench:training-memory` wrote. */
export function trainingMemoryPicture({ case: network, steps, samples }, palette) {
  const lines = [
    { name: 'whole process', pick: ({ rss }) => rss, colour: palette.source },
    { name: 'tensors’ numbers', pick: ({ arrays }) => arrays, colour: palette.target },
    { name: 'JavaScript heap', pick: ({ heap }) => heap, colour: palette.better },
  ]
  const most = Math.max(...samples.map(({ rss }) => rss)) / 1e6
  const tick = most > 400 ? 200 : most > 200 ? 100 : 50
  const right = WIDTH - RIGHT
  const x = (step) => LEFT + (step / steps) * (right - LEFT)
  const y = (megabytes) => HEIGHT - BOTTOM - (megabytes / (1.1 * most)) * (HEIGHT - BOTTOM - 6)
  const text = (at, down, content, anchor = 'middle') =>
    `<text x="${at}" y="${down}" font-size="11.5" text-anchor="${anchor}" fill="${palette.text}">${content}</text>`

  const grid = range(0, 1.1 * most, tick).map(
    (value) =>
      `<path d="M${LEFT} ${y(value)}H${right}" stroke="${palette.rule}"/>${text(LEFT - 7, y(value) + 4, value, 'end')}`,
  )
  const below = range(0, steps, steps / 4).map(
    (step) =>
      `<path d="M${x(step)} ${HEIGHT - BOTTOM}v5" stroke="${palette.muted}"/>${text(x(step), HEIGHT - BOTTOM + 18, step.toLocaleString('en'))}`,
  )
  const curves = lines.map(({ name, pick, colour }) => {
    const path = samples.map((sample) => `${x(sample.step).toFixed(1)} ${y(pick(sample) / 1e6).toFixed(1)}`).join('L')
    const last = pick(samples.at(-1)) / 1e6
    const label = text(right + 8, y(last) + 4, `${name}, ${last.toFixed(0)}`, 'start')
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.8"/>${label}`
  })
  const said = lines.map(
    ({ name, pick }) => `${name} ${samples.map((sample) => (pick(sample) / 1e6).toFixed(0)).join(', ')}`,
  )
  const drawing = [...grid, ...below, ...curves, text((LEFT + right) / 2, HEIGHT - 3, 'steps')].join('')
  const panels = [titledPanel('Megabytes', said.join('; '), WIDTH, HEIGHT, drawing)]
  const heading = `Memory over ${steps.toLocaleString('en')} training steps of ${network}`
  return figureFile({ id: 'training-memory', title: heading, columns: 1, panels }, heading, palette)
}

function range(from, to, step) {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
}
