import { classesFigure } from '../figures/classes-figure.ts'
import { confusionFigure } from '../figures/confusion-figure.ts'
import type { Palette } from '../palette.ts'
import type { Figure } from '../panel.ts'
import { curvesFigure } from './curves-figure.ts'
import { depthFigure } from './depth-figure.ts'
import { embeddingFigure } from './embedding-figure.ts'
import { forgettingFigure } from './forgetting-figure.ts'
import type { TuningReportData } from './tuning-report.ts'

/** The figures of a report by what they show, in the order of reading; those that there is nothing for are left out. */
export function tuningFigures({ run, strategy, scored, embedding }: TuningReportData, palette: Palette) {
  const shown = (...figures: (Figure | null)[]): Figure[] => figures.filter((figure) => figure !== null)
  const of = { method: strategy, confusion: scored?.confusion ?? null, perClass: scored?.perClass ?? null }
  return {
    training: shown(curvesFigure(run, palette)),
    classes:
      scored === null
        ? []
        : shown(
            confusionFigure(of, run.classes, palette),
            classesFigure({ ...of, predictedCounts: [] }, run.classes, palette),
          ),
    embedding: embedding === null ? [] : [embeddingFigure(embedding, run.classes, palette)],
    depth: shown(depthFigure(run, palette)),
    forgetting: shown(forgettingFigure(run, palette)),
  }
}
