import { type ElementwiseLossOptions, elementwiseLoss } from './elementwise.ts'
import type { LossTerm } from './loss-term.ts'

/**
 * The mean of `log(1 + eᶻ) − z t`: binary cross-entropy of `sigmoid(z)` with `t` in [0, 1]. `output` holds `z`, the score
 * before the sigmoid; the softplus does not overflow.
 */
export const binaryCrossEntropy = (options: ElementwiseLossOptions): LossTerm =>
  elementwiseLoss(options, 'binary-cross-entropy', (graph, z, t) =>
    graph.node('Sub', [graph.node('Softplus', [z]), graph.node('Mul', [z, t])]),
  )
