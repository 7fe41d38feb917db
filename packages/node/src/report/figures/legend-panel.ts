import { type Panel, titledPanel } from '../panel.ts'
import { escapeHtml, fitText } from '../text.ts'
import { drawMark, type PointMark } from './class-mark.ts'

const [width, rowHeight, perColumn, columns] = [290, 20, 14, 2]

/** A mark, or a pair of them, and what it stands for. */
export interface LegendEntry {
  readonly marks: readonly PointMark[]
  readonly name: string
}

/** Draws a legend: one column of up to 14 entries, else two; entries beyond 28 are counted, not drawn. */
export function legendPanel(title: string, entries: readonly LegendEntry[], note: string): Panel {
  const shown = entries.length > perColumn * columns ? entries.slice(0, perColumn * columns - 1) : entries
  const more = entries.length - shown.length
  const wide = shown.length <= perColumn
  const rows = wide ? shown.length : Math.ceil((shown.length + (more > 0 ? 1 : 0)) / columns)
  const room = (wide ? width : width / columns) - 40
  const at = (i: number) => `translate(${Math.floor(i / rows) * (width / columns)},${(i % rows) * rowHeight + 8})`
  const label = (text: string) => `<text x="34" y="4" font-size="12" fill="currentColor">${escapeHtml(text)}</text>`
  const drawn = shown.map(({ marks, name }, i) => {
    const symbols = marks.map((mark, m) => `<g transform="translate(${m * 14 + 6},0)">${drawMark(mark, 4)}</g>`)
    return `<g transform="${at(i)}">${symbols.join('')}${label(fitText(name, room, 12))}</g>`
  })
  if (more > 0) drawn.push(`<g transform="${at(shown.length)}">${label(`and ${more} more`)}</g>`)
  const bottom = rows * rowHeight + 14
  const below = note
    .split('\n')
    .map(
      (line, i) => `<text x="0" y="${bottom + i * 15}" font-size="11" fill="currentColor" opacity=".75">${line}</text>`,
    )
  const alt = `Legend: ${entries.map((entry) => entry.name).join(', ')}`
  return titledPanel(title, alt, width, bottom + below.length * 15, [...drawn, ...below].join(''))
}
