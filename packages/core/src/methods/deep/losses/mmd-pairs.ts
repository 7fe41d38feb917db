import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, numbers, rowCount, rowsOf, scalar, stacked } from './graph-values.ts'

/**
 * `w` with `MMD² = Σᵢⱼ wᵢⱼ k(zᵢ, zⱼ)` over the source's rows and then the target's, `n × n`, `n = N_s + N_t`. `biased`:
 * `1/N_s²` and `1/N_t²` within a domain. `unbiased`: `1/(N_s (N_s − 1))` and `1/(N_t (N_t − 1))`, nothing on the diagonal; a
 * domain of one row has no such part. Between domains `−1/(N_s N_t)` in both. Depends on shapes alone.
 */
export function pairWeights(graph: GraphBuilder, source: Value, target: Value, unbiased: boolean): Value {
  const [rows, columns] = [rowCount(graph, source), rowCount(graph, target)]
  const one = scalar(graph, 1)
  const within = (n: Value) => {
    if (!unbiased) return graph.node('Mul', [n, n])
    return graph.node('Max', [graph.node('Mul', [n, graph.node('Sub', [n, one])]), one])
  }
  const across = graph.node('Neg', [graph.node('Mul', [rows, columns])])
  const divisors = [within(rows), across, across, within(columns)].map((value) =>
    graph.node('Reshape', [value, integers(graph, [1])]),
  )
  const list = graph.node('Reciprocal', [graph.node('Concat', divisors, { axis: int(0) })])
  const blocks = graph.node('Reshape', [list, integers(graph, [2, 2])])
  const domains = stacked(graph, repeatedRow(graph, [1, 0], source), repeatedRow(graph, [0, 1], target))
  const weights = graph.node('MatMul', [graph.node('MatMul', [domains, blocks]), graph.node('Transpose', [domains])])
  if (!unbiased) return weights
  return graph.node('Mul', [weights, graph.node('Sub', [one, graph.node('EyeLike', [weights])])])
}

/** The row, as often as `like` has rows. */
function repeatedRow(graph: GraphBuilder, row: readonly number[], like: Value): Value {
  const dims = graph.node('Concat', [rowsOf(graph, like), integers(graph, [row.length])], { axis: int(0) })
  return graph.node('Expand', [numbers(graph, row), dims])
}

/** The differences of rows that the linear-time estimate takes kernels of, each `p × d`, `p = ⌊min(N_s, N_t) / 2⌋`. */
export interface Quadruples {
  /** Within the source, within the target, and the two across. */
  readonly differences: readonly [Value, Value, Value, Value]
  /** `p`, a float32 scalar, or 1 where there are none. */
  readonly count: Value
}

/** Rows in pairs, in their order: `(s₁, s₂, t₁, t₂)`, `(s₃, s₄, t₃, t₄)`, and so on; what is left over takes no part. */
export function quadruples(graph: GraphBuilder, source: Value, target: Value): Quadruples {
  const two = integers(graph, [2])
  const pairs = graph.node('Div', [graph.node('Min', [rowsOf(graph, source), rowsOf(graph, target)]), two])
  const end = graph.node('Mul', [pairs, two])
  const every = (x: Value, start: number) =>
    graph.node('Slice', [x, integers(graph, [start]), end, integers(graph, [0]), two])
  const [s1, s2, t1, t2] = [every(source, 0), every(source, 1), every(target, 0), every(target, 1)]
  const difference = (a: Value, b: Value) => graph.node('Sub', [a, b])
  const count = graph.node('Reshape', [graph.node('Cast', [pairs], { to: int(1) }), integers(graph, [])])
  return {
    differences: [difference(s1, s2), difference(t1, t2), difference(s1, t2), difference(s2, t1)],
    count: graph.node('Max', [count, scalar(graph, 1)]),
  }
}

/** The signs of the four kernels of a quadruple, `1 × 4 × 1`. */
export const quadrupleSigns = (graph: GraphBuilder): Value => numbers(graph, [1, 1, -1, -1], [1, 4, 1])
