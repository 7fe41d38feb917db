import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** The part of the DOM that is used here. */
interface SvgElement {
  readonly innerHTML: string
  querySelectorAll(selector: string): Iterable<{ remove(): void }>
}

export { axisX, axisY, barX, cell, dot, line, link, ruleX, ruleY, text } from '@observablehq/plot'

export type PlotOptions = Plot.PlotOptions

/**
 * Draws a figure of Observable Plot without a browser and gives what stands inside its `<svg>`, in a group: no style
 * sheet, no identifiers, coordinates to two decimals. Text is escaped by the DOM.
 */
export function drawPlot(options: PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const svg = Plot.plot({ ...options, document }) as unknown as SvgElement
  for (const style of svg.querySelectorAll('style')) style.remove()
  const inner = svg.innerHTML.replace(/<[a-z][^<>]*>/g, (tag) =>
    tag.replace(/ aria-(?:label|hidden)="[^"]*"/g, '').replace(/(\d\.\d\d)\d+/g, '$1'),
  )
  return `<g fill="currentColor" text-anchor="middle" font-size="11">${inner}</g>`
}
