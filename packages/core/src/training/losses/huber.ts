import { checkPositive } from '../checks.ts'
import { type ElementwiseLossOptions, elementwiseLoss } from './elementwise.ts'
import { type LossTerm, number } from './loss-term.ts'

/**
 * The mean of `e²/2` where `|e| ≤ δ` and `δ (|e| − δ/2)` beyond (Huber 1964), `e = y − t`; computed as `c (|e| − c/2)` with
 * `c = min(|e|, δ)`. Default `δ` 1.
 */
export function huber({ delta = 1, ...options }: ElementwiseLossOptions & { readonly delta?: number }): LossTerm {
  checkPositive('delta', delta)
  return elementwiseLoss(options, 'huber', (graph, y, t) => {
    const size = graph.node('Abs', [graph.node('Sub', [y, t])])
    const core = graph.node('Min', [size, number(graph, delta)])
    const rest = graph.node('Sub', [size, graph.node('Mul', [core, number(graph, 0.5)])])
    return graph.node('Mul', [core, rest])
  })
}
