import type { Palette } from '../palette.ts'
import { type Panel, titledPanel } from '../panel.ts'
import { axisY, barX, drawPlot, ruleX, text } from '../plot.ts'
import { fitText, textWidth } from '../text.ts'

/** One horizontal bar. */
export interface Bar {
  readonly name: string
  /** NaN draws no bar. */
  readonly value: number
  /** What stands at its end. */
  readonly label: string
  /** Default: the palette's plain bar. */
  readonly colour?: string
}

/** What a panel of bars shows. */
export interface BarsView {
  readonly title: string
  readonly alt: string
  readonly bars: readonly Bar[]
  /** Pixels; default 340. */
  readonly width?: number
  /** The values at both ends of the axis; from the data, zero included, when absent. */
  readonly domain?: readonly [number, number]
}

const fontSize = 11

/** Horizontal bars, their names at the left and their values at the end. */
export function barsPanel({ title, alt, bars, width = 340, domain }: BarsView, palette: Palette): Panel {
  const rowHeight = bars.length > 40 ? 15 : 20
  const names = bars.map((bar) => fitText(bar.name, 130, fontSize))
  const widest = (texts: readonly string[]) => Math.ceil(Math.max(0, ...texts.map((part) => textWidth(part, fontSize))))
  // Wide faces need more than `textWidth` says.
  const marginLeft = Math.ceil(widest(names) * 1.12) + 12
  const labelRoom = widest(bars.map((bar) => bar.label)) + 8
  const rows = bars.map((bar, row) => ({ ...bar, row, value: Number.isFinite(bar.value) ? bar.value : 0 }))
  const values = rows.map((row) => row.value)
  const [low, high] = domain ?? [Math.min(0, ...values), Math.max(0, ...values)]
  const span = high > low ? high - low : 1
  const room = low < 0 ? (span * labelRoom) / (width - marginLeft - 2 * labelRoom) : 0
  const height = Math.max(1, bars.length) * rowHeight + 2
  const [negative, positive] = [rows.filter((row) => row.value < 0), rows.filter((row) => row.value >= 0)]
  const drawing = drawPlot({
    width,
    height,
    marginTop: 0,
    marginBottom: 2,
    marginLeft,
    marginRight: labelRoom,
    x: { domain: [low - room, high > low ? high : low + 1], axis: null },
    y: { domain: rows.map(({ row }) => row), padding: 0.3 },
    marks: [
      axisY({ tickSize: 0, label: null, fontSize, tickFormat: (row: number) => names[row]! }),
      barX(rows, { y: 'row', x: 'value', fill: (row: Bar) => row.colour ?? palette.bar }),
      ruleX([0], { stroke: palette.muted }),
      text(positive, { y: 'row', x: 'value', text: 'label', textAnchor: 'start', dx: 5, fontSize }),
      text(negative, { y: 'row', x: 'value', text: 'label', textAnchor: 'end', dx: -5, fontSize }),
    ],
    color: { type: 'identity' },
  })
  return titledPanel(title, alt, width, height, drawing)
}
