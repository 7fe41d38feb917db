import type { Palette } from '../palette.ts'
import { type Panel, titledPanel } from '../panel.ts'
import type { ScatterPoint } from '../report-data.ts'
import { drawMark, type PointMark } from './class-mark.ts'

const [width, height, inset] = [340, 290, 10]

/** A group is drawn in this many parts, in turn with the others, so that none lies on top of all. */
const layers = 4

/** A scatter plot of one state (before or after), and how each point is marked. */
export interface ScatterView {
  readonly title: string
  readonly alt: string
  readonly points: readonly ScatterPoint[]
  /** Begins the identifiers inside; unique within the page. */
  readonly prefix: string
  /** Which group a point belongs to. */
  readonly groupOf: (point: ScatterPoint) => string
  /** Whether a point goes below all others. */
  readonly below?: (point: ScatterPoint) => boolean
  readonly markOf: (point: ScatterPoint) => PointMark
}

/**
 * Draws the points. Each group is a path whose corners carry a marker: ten bytes a point, where an element per point (as
 * Plot makes) would take a hundred and make the page several megabytes.
 */
export function scatterPanel(view: ScatterView, palette: Palette): Panel {
  const place = placement(view.points)
  const radius = view.points.length > 1500 ? 2.3 : view.points.length > 400 ? 2.8 : 3.6
  const groups = new Map<string, ScatterPoint[]>()
  for (const point of view.points) {
    const key = view.groupOf(point)
    const members = groups.get(key)
    if (members === undefined) groups.set(key, [point])
    else members.push(point)
  }
  const definitions: string[] = []
  const paths: { layer: number; path: string }[] = []
  let number = 0
  for (const members of groups.values()) {
    const id = `${view.prefix}${number++}`
    definitions.push(
      `<marker id="${id}" overflow="visible" markerUnits="userSpaceOnUse">${drawMark(view.markOf(members[0]!), radius)}</marker>`,
    )
    for (let layer = 0; layer < layers; layer++) {
      const corners = members.filter((_, i) => i % layers === layer).map(place)
      if (corners.length === 0) continue
      const all = `marker-start="url(#${id})" marker-mid="url(#${id})" marker-end="url(#${id})"`
      paths.push({
        layer: view.below?.(members[0]!) === true ? -1 : layer,
        path: `<path d="M${corners.join(' ')}" fill="none" ${all}/>`,
      })
    }
  }
  const drawn = [...paths].sort((a, b) => a.layer - b.layer).map(({ path }) => path)
  const frame = `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" fill="none" stroke="${palette.rule}"/>`
  return titledPanel(
    view.title,
    view.alt,
    width,
    height,
    `<defs>${definitions.join('')}</defs>${frame}${drawn.join('')}`,
  )
}

/** From a point to its place in the frame, `x y` in pixels to one decimal. Each axis fills the frame. */
function placement(points: readonly ScatterPoint[]): (point: ScatterPoint) => string {
  const axis = (values: readonly number[], from: number, to: number) => {
    const finite = values.filter(Number.isFinite)
    const low = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const high = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    return (value: number) =>
      high > low && Number.isFinite(value) ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2
  }
  const x = axis(
    points.map((point) => point.x),
    inset,
    width - inset,
  )
  const y = axis(
    points.map((point) => point.y),
    height - inset,
    inset,
  )
  return (point) => `${Number(x(point.x).toFixed(1))} ${Number(y(point.y).toFixed(1))}`
}
