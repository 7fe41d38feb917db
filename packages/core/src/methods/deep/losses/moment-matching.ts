import { InvalidInputError } from '../../../errors.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { meanOver, scaled } from './graph-values.ts'

export interface MomentMatchingOptions {
  /** The highest moment. Default 2, the paper's. */
  readonly moments?: number
}

/**
 * The moment distance between several sources (`N_i × d` each) and the target (`N_t × d`), a scalar: the sum over `k = 1 … K` of
 * `(1/N) Σᵢ ‖E xᵢᵏ − E x_tᵏ‖₂ + (N choose 2)⁻¹ Σ_{i<j} ‖E xᵢᵏ − E xⱼᵏ‖₂`, powers being taken element by element and `E` the mean
 * over the batch; a single source has no second part. Throws `InvalidInputError` where there is no source.
 *
 * Peng, Bai, Xia, Huang, Saenko, Wang 2019, Moment Matching for Multi-Source Domain Adaptation, definition 1.
 */
export function momentDistance(
  graph: GraphBuilder,
  sources: readonly Value[],
  target: Value,
  { moments = 2 }: MomentMatchingOptions = {},
): Value {
  if (sources.length === 0)
    throw new InvalidInputError('moments are matched between sources and a target: got no source')
  if (!Number.isInteger(moments) || moments < 1) {
    throw new InvalidInputError(`moments are counted from 1, got ${moments}: the paper has 2`)
  }
  const pairs = sources.flatMap((_, i) => sources.slice(0, i).map((_, j): [number, number] => [j, i]))
  let powers: readonly Value[] = [...sources, target]
  const parts: Value[] = []
  for (let k = 1; k <= moments; k++) {
    if (k > 1) powers = powers.map((power, i) => graph.node('Mul', [power, sources[i] ?? target]))
    const means = powers.map((power) => meanOver(graph, power, [0]))
    const distance = (i: number, j: number) =>
      graph.node('ReduceL2', [graph.node('Sub', [means[i]!, means[j]!])], { keepdims: int(0) })
    const toTarget = sources.map((_, i) => distance(i, sources.length))
    parts.push(scaled(graph, graph.node('Sum', toTarget), 1 / sources.length))
    const among = pairs.map(([j, i]) => distance(j, i))
    if (among.length > 0) parts.push(scaled(graph, graph.node('Sum', among), 1 / among.length))
  }
  return graph.node('Sum', parts)
}
