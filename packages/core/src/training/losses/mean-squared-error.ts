import { type ElementwiseLossOptions, elementwiseLoss } from './elementwise.ts'
import type { LossTerm } from './loss-term.ts'

/** The mean of `(y − t)²`. */
export const meanSquaredError = (options: ElementwiseLossOptions): LossTerm =>
  elementwiseLoss(options, 'mean-squared-error', (graph, y, t) => {
    const error = graph.node('Sub', [y, t])
    return graph.node('Mul', [error, error])
  })
