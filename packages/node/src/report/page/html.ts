import { type Figure, panelSvg } from '../panel.ts'
import { escapeHtml, shortNumber } from '../text.ts'

/** A figure on the page: panels flow to the width there is, and each scrolls by itself where it is too wide. */
export function figureHtml(figure: Figure): string {
  const panels = figure.panels.map((panel) => `<div class="scroll">${panelSvg(panel)}</div>`)
  return `<figure class="${figure.id}"><figcaption>${escapeHtml(figure.title)}</figcaption><div class="panels">${panels.join('')}</div></figure>`
}

/** A column of a table: its heading, and whether it holds numbers. */
export interface Column {
  readonly heading: string
  readonly numeric?: boolean
}

/** A table in a box that scrolls; cells are HTML already, the first of each row is the row's heading. */
export function tableHtml(columns: readonly Column[], rows: readonly (readonly string[])[], caption = ''): string {
  const kind = (i: number) => (columns[i]!.numeric === true ? ' class="number"' : '')
  const head = columns.map(({ heading }, i) => `<th scope="col"${kind(i)}>${escapeHtml(heading)}</th>`).join('')
  const body = rows.map((row) => {
    const cells = row.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td${kind(i)}>${cell}</td>`))
    return `<tr>${cells.join('')}</tr>`
  })
  const title = caption === '' ? '' : `<caption>${escapeHtml(caption)}</caption>`
  return `<div class="scroll"><table>${title}<thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

/** A list of names and values, escaped. */
export function definitionsHtml(entries: readonly (readonly [string, unknown])[]): string {
  if (entries.length === 0) return '<p class="muted">none</p>'
  const items = entries.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(show(value))}</dd>`)
  return `<dl>${items.join('')}</dl>`
}

/** A setting or a fact as text. */
function show(value: unknown): string {
  if (typeof value === 'number') return shortNumber(value)
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return '–'
  return JSON.stringify(value) ?? '–'
}
