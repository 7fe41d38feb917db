import type { Palette } from '../palette.ts'
import { type Panel, titledPanel } from '../panel.ts'
import { axisX, axisY, dot, drawPlot, line, ruleX, ruleY } from '../plot.ts'
import { escapeHtml, textWidth } from '../text.ts'

/** One line of a panel: a value for each epoch that has one. */
export interface Curve {
  readonly name: string
  readonly colour: string
  readonly points: readonly { readonly epoch: number; readonly value: number }[]
}

export interface CurveView {
  readonly title: string
  readonly alt: string
  readonly curves: readonly Curve[]
  /** The ends of the vertical axis. */
  readonly domain: readonly [number, number]
  /** What the numbers are multiplied by on the axis, as 100 for percent. */
  readonly unit?: number
  /** An epoch to mark. */
  readonly marked?: number
  /** A level to mark, and what it is. */
  readonly level?: { readonly value: number; readonly name: string } | null
}

const [width, height, legendHeight, fontSize] = [440, 260, 22, 11]

/** Draws curves over epochs, with a legend above: names, and the level's name beside a dashed line. */
export function curvePanel(view: CurveView, palette: Palette): Panel {
  const { title, alt, curves, unit = 1, marked, level } = view
  const points = curves.flatMap(({ colour, points }) =>
    points.map(({ epoch, value }) => ({ epoch, value: value * unit, colour })),
  )
  const last = Math.max(1, ...points.map(({ epoch }) => epoch))
  const drawing = drawPlot({
    width,
    height,
    marginTop: 10,
    marginBottom: 36,
    marginLeft: 46,
    marginRight: 12,
    x: { domain: last === 1 ? [0.5, 1.5] : [1, last] },
    y: { domain: view.domain.map((end) => end * unit) },
    color: { type: 'identity' },
    marks: [
      axisX({
        fontSize,
        label: 'epoch',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: Math.min(last, 10),
        tickFormat: (epoch: number) => (Number.isInteger(epoch) ? `${epoch}` : ''),
      }),
      axisY({ fontSize, label: null, ticks: 6 }),
      ...(marked === undefined || marked < 1 ? [] : [ruleX([marked], { stroke: palette.rule, strokeWidth: 6 })]),
      ...(level === null || level === undefined
        ? []
        : [ruleY([level.value * unit], { stroke: palette.muted, strokeDasharray: '4 3' })]),
      line(points, { x: 'epoch', y: 'value', z: 'colour', stroke: 'colour', strokeWidth: 2 }),
      dot(points, { x: 'epoch', y: 'value', r: last > 40 ? 1.5 : 2.6, fill: 'colour' }),
    ],
  })
  const entries = [
    ...curves.map(({ name, colour }) => ({ name, stroke: `stroke="${colour}" stroke-width="2.5"` })),
    ...(level === null || level === undefined
      ? []
      : [{ name: level.name, stroke: `stroke="${palette.muted}" stroke-width="1.5" stroke-dasharray="4 3"` }]),
  ]
  let x = 46
  const legend = entries.map(({ name, stroke }) => {
    const at = x
    x += 40 + textWidth(name, fontSize)
    return `<path d="M${at} 8h18" ${stroke}/><text x="${at + 23}" y="12" font-size="${fontSize}" fill="currentColor">${escapeHtml(name)}</text>`
  })
  const inside = `${legend.join('')}<g transform="translate(0,${legendHeight})">${drawing}</g>`
  return titledPanel(title, alt, width, height + legendHeight, inside)
}
