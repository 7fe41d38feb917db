import { nearestRows } from '../../linalg/index.ts'
import { graphBuilder, int, ints, type Model } from '../../onnx/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, rowOf, sliceRows, type Tensor, tensor } from '../../tensor/index.ts'

/** How rows lie around each row of a sample. */
export interface LocalPatterns {
  /** Rows in a pattern besides its own. */
  readonly neighbours: number
  /** `n × (k + 1)k/2`: the distances among a row and its `k` nearest, `(0,1), …, (0,k), (1,2), …, (k−1,k)`, 0 being the row. */
  readonly distances: Matrix
}

/** Those of the rows of `x` (`n × d`), with `k < n` neighbours. `O(n² d + n k² d)`. */
export async function localPatterns(runtime: Runtime, x: Matrix, k: number): Promise<LocalPatterns> {
  const { indices } = await nearestRows(runtime, x, k, 'euclidean')
  const pairs = pairsOf(k)
  const distances = matrix(x.rows, pairs.length)
  for (let i = 0; i < x.rows; i++) {
    const members = [i, ...indices.subarray(i * k, (i + 1) * k)]
    const out = rowOf(distances, i)
    pairs.forEach(([a, b], at) => {
      const [one, other] = [rowOf(x, members[a]), rowOf(x, members[b])]
      let square = 0
      for (let j = 0; j < one.length; j++) square += (one[j] - other[j]) ** 2
      out[at] = Math.sqrt(square)
    })
  }
  return { neighbours: k, distances }
}

/** Patterns in other orders, and products with them, that stand in memory at once (32 MB each). */
const MOST_NUMBERS = 2 ** 22

/**
 * How far the patterns of two samples are from each other, `n × m` (Wang and Mahadevan 2009): with `R` the symmetric matrix of
 * a pattern's distances, `min_h min(‖R_y^h − k₁R_x‖_F, ‖R_x − k₂R_y^h‖_F)` over the orders `h` of the neighbours of `y`, each
 * with the best factor `k₁`, `k₂`; `relative`: as a part of the length `‖R‖` of the one that is not scaled, the same for both.
 * Lengths do not change with the order, so that `‖R_y^h − k₁R_x‖² = ‖R_y‖² − ⟨R_x, R_y^h⟩²/‖R_x‖²`, and all that is looked
 * for is the largest product: `O(n m k² k!)`, in products on the runtime. A pattern of rows that are all in one place is as far
 * from others as those are long, or 1.
 */
export async function patternDistances(
  runtime: Runtime,
  x: LocalPatterns,
  y: LocalPatterns,
  relative: boolean,
): Promise<Matrix> {
  const [n, m] = [x.distances.rows, y.distances.rows]
  const result = matrix(n, m)
  // An entry of the triangle stands twice in R.
  const squares = ({ distances }: LocalPatterns): Float64Array =>
    Float64Array.from({ length: distances.rows }, (_, i) => 2 * rowOf(distances, i).reduce((sum, v) => sum + v * v, 0))
  const [ofX, ofY] = [squares(x), squares(y)]
  const orders = reorderings(x.neighbours)
  const together = Math.max(1, Math.floor(MOST_NUMBERS / (m * y.distances.columns)))
  const best = new Float64Array(n * m)
  for (let from = 0; from < orders.length; from += together) {
    const turned = inOrders(y.distances, orders.slice(from, from + together))
    const rows = Math.max(1, Math.floor(MOST_NUMBERS / (m * turned.dims[0]!)))
    for (let first = 0; first < n; first += rows) {
      const part = matrixTensor(sliceRows(x.distances, first, Math.min(first + rows, n)))
      const { largest } = await runtime.run(productsModel, { x: part, y: turned })
      const found = largest!.data as Float64Array
      for (let at = 0; at < found.length; at++) best[first * m + at] = Math.max(best[first * m + at], 2 * found[at])
    }
  }
  for (let i = 0; i < n; i++) {
    const out = rowOf(result, i)
    for (let j = 0; j < m; j++) out[j] = residual(ofX[i], ofY[j], best[i * m + j], relative)
  }
  return result
}

/** The smaller of both residuals, for squared lengths and the largest product of two patterns. */
function residual(a: number, b: number, product: number, relative: boolean): number {
  const [less, more] = [Math.min(a, b), Math.max(a, b)]
  if (less === 0) return relative ? Math.sign(more) : Math.sqrt(more)
  return Math.sqrt(Math.max(0, less - product ** 2 / more) / (relative ? less : 1))
}

/** The patterns in each of the orders, one in a column: `orders × q × m`. */
function inOrders(patterns: Matrix, orders: readonly Int32Array[]): Tensor {
  const { rows: m, columns: q, data } = patterns
  const turned = new Float64Array(orders.length * q * m)
  orders.forEach((order, h) => {
    for (let c = 0; c < q; c++) {
      const to = (h * q + c) * m
      for (let j = 0; j < m; j++) turned[to + j] = data[j * q + order[c]]
    }
  })
  return tensor('float64', [orders.length, q, m], turned)
}

/** `x` (`n × q`) times each of `y` (`h × q × m`), the largest element by element: `n × m`. */
const productsModel: Model = (() => {
  const graph = graphBuilder('largest products')
  const x = graph.input('x', 'float64', ['n', 'q'])
  const y = graph.input('y', 'float64', ['h', 'q', 'm'])
  const largest = graph.node('ReduceMax', [graph.node('MatMul', [x, y])], { axes: ints([0]), keepdims: int(0) })
  graph.output('largest', largest, 'float64', ['n', 'm'])
  return graph.model()
})()

/** The pairs of `0 … k`, as patterns list them. */
function pairsOf(k: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = []
  for (let a = 0; a <= k; a++) for (let b = a + 1; b <= k; b++) pairs.push([a, b])
  return pairs
}

/** For each order of the `k` neighbours, where each entry of a pattern comes from. */
function reorderings(k: number): Int32Array[] {
  const pairs = pairsOf(k)
  const place = new Map(pairs.map(([a, b], at) => [a * (k + 1) + b, at]))
  const orders: Int32Array[] = []
  const members = [0]
  const extend = (): void => {
    if (members.length > k) {
      const from = ([a, b]: readonly [number, number]): number => {
        const [one, other] = [members[a], members[b]]
        return place.get(Math.min(one, other) * (k + 1) + Math.max(one, other))!
      }
      orders.push(Int32Array.from(pairs, from))
      return
    }
    for (let next = 1; next <= k; next++) {
      if (members.includes(next)) continue
      members.push(next)
      extend()
      members.pop()
    }
  }
  extend()
  return orders
}
