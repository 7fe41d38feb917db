import { classMark } from '../figures/class-mark.ts'
import { legendPanel } from '../figures/legend-panel.ts'
import { scatterPanel } from '../figures/scatter-panel.ts'
import type { Palette } from '../palette.ts'
import type { Figure, Panel } from '../panel.ts'
import type { EmbeddedPoint, EmbeddingReport } from './tuning-report.ts'

const NOTE = 'Each picture lies in the plane of its own\nfirst two principal components.'

/** Rows by class, with the pretrained weights and with the tuned ones. */
export function embeddingFigure(
  { rows, before, after }: EmbeddingReport,
  classes: readonly string[],
  palette: Palette,
): Figure {
  const places = new Map(classes.map((name, i) => [name, i]))
  const panel = (when: string, title: string, points: readonly EmbeddedPoint[]): Panel =>
    scatterPanel(
      {
        title,
        alt: `${title}: ${points.length} ${rows} in the plane of the first two principal components, coloured by class`,
        points: points.map((point) => ({ ...point, domain: 'target' as const })),
        prefix: `embedding-${when}-`,
        groupOf: ({ className }) => className ?? '',
        markOf: ({ className }) => classMark(places.get(className ?? '') ?? -1, true, palette),
      },
      palette,
    )
  return {
    id: 'embedding',
    title: `Where the ${rows} lie in front of the head`,
    columns: 3,
    panels: [
      panel('before', 'Before: pretrained weights', before),
      panel('after', 'After tuning', after),
      legendPanel(
        'Class',
        classes.map((name, i) => ({ marks: [classMark(i, true, palette)], name })),
        NOTE,
      ),
    ],
  }
}
