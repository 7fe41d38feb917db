import type { Palette } from './palette.ts'
import { escapeHtml, textWidth } from './text.ts'

/** The face of all figures: what the system has; `sans-serif` is what librsvg falls back to for PNG. */
export const figureFont = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif'

/** The height of a panel's title. */
const titleHeight = 26

/** One drawing with a title; a figure is made of these. */
export interface Panel {
  readonly width: number
  readonly height: number
  /** What the drawing says, for those who do not see it. */
  readonly alt: string
  /** The inside of an `<svg>`. */
  readonly content: string
}

/** What stands together under one caption: panels, `columns` of them side by side where there is room. */
export interface Figure {
  /** Part of the file's name, as `scatter`. */
  readonly id: string
  readonly title: string
  readonly columns: number
  readonly panels: readonly Panel[]
}

/** Makes a panel of `width × (height + its title)` around a drawing. `title` and `alt` are plain text. */
export function titledPanel(title: string, alt: string, width: number, height: number, drawing: string): Panel {
  const heading = `<text x="0" y="15" font-size="13" font-weight="600" fill="currentColor">${escapeHtml(title)}</text>`
  const content = `${heading}<g transform="translate(0,${titleHeight})">${drawing}</g>`
  return { width, height: height + titleHeight, alt, content }
}

/** The panel as an `<svg>` element for the page; its text takes the page's colour. */
export const panelSvg = (panel: Panel): string =>
  `<svg role="img" aria-label="${escapeHtml(panel.alt)}" width="${panel.width}" height="${panel.height}" viewBox="0 0 ${panel.width} ${panel.height}" font-family="${figureFont}">${panel.content}</svg>`

/** The whole figure as one SVG file with a background and a title: what becomes a PNG. */
export function figureFile(figure: Figure, heading: string, palette: Palette): string {
  const [margin, gap, top] = [24, 24, 52]
  let [x, y, rowHeight, right] = [margin, top, 0, 0]
  const placed = figure.panels.map((panel, i) => {
    if (i > 0 && i % figure.columns === 0) {
      x = margin
      y += rowHeight + gap
      rowHeight = 0
    }
    const group = `<g transform="translate(${x},${y})">${panel.content}</g>`
    x += panel.width + gap
    right = Math.max(right, x - gap)
    rowHeight = Math.max(rowHeight, panel.height)
    return group
  })
  const width = Math.ceil(Math.max(right, margin + textWidth(heading, 16) * 1.1) + margin)
  const height = Math.ceil(y + rowHeight + margin)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${figureFont}" color="${palette.text}"><rect width="${width}" height="${height}" fill="${palette.background}"/><text x="${margin}" y="32" font-size="16" font-weight="600" fill="currentColor">${escapeHtml(heading)}</text>${placed.join('')}</svg>`
}
