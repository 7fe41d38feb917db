import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { meanOver } from './graph-values.ts'

/** A value of the source's rows and one of the target's; the numbers of rows may differ. */
export interface Domains<T = Value> {
  readonly source: T
  readonly target: T
}

/**
 * The binary cross-entropy of a discriminator, `(1/N_s) Σ −log σ(z_i) + (1/N_t) Σ −log(1 − σ(z_j))`: the source counts as 1,
 * and each domain counts once whatever its number of rows. `scores` are `N_s` and `N_t` scores before the sigmoid;
 * `weights` (`N_s`, `N_t`) multiply each row's part, 1 by default.
 */
export function domainCrossEntropy(graph: GraphBuilder, scores: Domains, weights: Partial<Domains> = {}): Value {
  const part = (losses: Value, weight: Value | undefined) =>
    meanOver(graph, weight === undefined ? losses : graph.node('Mul', [losses, weight]))
  return graph.node('Add', [
    part(surprise(graph, scores.source), weights.source),
    part(graph.node('Softplus', [scores.target]), weights.target),
  ])
}

/** `−log σ(z)` without overflow. */
export const surprise = (graph: GraphBuilder, scores: Value): Value =>
  graph.node('Softplus', [graph.node('Neg', [scores])])
