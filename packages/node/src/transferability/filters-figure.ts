import { type Figure, titledPanel } from '../report/panel.ts'
import type { FilterGrid } from './filter-grid.ts'

/** A grid with a title. */
export interface NamedGrid {
  readonly title: string
  readonly grid: FilterGrid
}

/** Pictures of filters beside each other. */
export const filtersFigure = (title: string, grids: readonly NamedGrid[]): Figure => ({
  id: 'filters',
  title,
  columns: 3,
  panels: grids.map(({ title: name, grid }) => {
    const source = `data:image/png;base64,${grid.png.toString('base64')}`
    const drawing = `<image width="${grid.width}" height="${grid.height}" href="${source}"/>`
    return titledPanel(name, `${name}: ${grid.shown} filters as small images`, grid.width, grid.height, drawing)
  }),
})
