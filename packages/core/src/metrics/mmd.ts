import { graphBuilder, int, ints, type Model, type Value } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, type Random, scalarTensor, stackRows, tensor } from '../tensor/index.ts'
import { checkDomains, sampleRows } from './domain-sample.ts'
import { medianInPlace } from './median.ts'

export interface MmdOptions {
  /** Rows of each domain at most; more are sampled. Default 1000. */
  readonly rows?: number
  /** Bandwidth `σ` of the kernel. Default: the median distance between two rows of both samples together. */
  readonly bandwidth?: number
}

/**
 * The maximum mean discrepancy between two domains (`n_s × d`, `n_t × d`), 0 where they agree, at most `√2`:
 * the square root of the biased estimate `mean k(s, s') + mean k(t, t') − 2·mean k(s, t)`, which is never negative, with the
 * kernel `k(x, y) = exp(−‖x − y‖² / 2σ²)`. Rows are sampled by a stream forked from `random`, so that the result depends on its
 * seed alone. Two `N × N` matrices, `N` being the rows of both samples.
 *
 * Gretton, Borgwardt, Rasch, Schölkopf, Smola 2012, A Kernel Two-Sample Test.
 */
export async function mmd(
  source: Matrix,
  target: Matrix,
  context: { readonly runtime: Runtime; readonly random: Random },
  { rows = 1000, bandwidth }: MmdOptions = {},
): Promise<number> {
  checkDomains(source, target, 1)
  const random = context.random.fork('mmd')
  const parts = [sampleRows(source, rows, random.fork('source')), sampleRows(target, rows, random.fork('target'))]
  const raw = stackRows(parts)
  const pooled = centred(raw)
  const { distances } = await context.runtime.run(distanceModel(), { x: matrixTensor(pooled) })
  const sigma = bandwidth ?? medianDistance(distances.data as Float64Array, raw)
  const signs = parts.flatMap((part, i) => Array.from({ length: part.rows }, () => (i === 0 ? 1 : -1) / part.rows))
  const { square } = await context.runtime.run(kernelModel(), {
    distances,
    signs: tensor('float64', [pooled.rows, 1], Float64Array.from(signs)),
    scale: scalarTensor(-1 / (2 * sigma * sigma)),
  })
  return Math.sqrt(Math.max(0, Number(square.data[0])))
}

/** Moves the mean row to zero: distances stay, and a common offset costs no digits. */
function centred(x: Matrix): Matrix {
  const mean = new Float64Array(x.columns)
  x.data.forEach((value, i) => {
    mean[i % x.columns] += value / x.rows
  })
  return matrix(
    x.rows,
    x.columns,
    x.data.map((value, i) => value - mean[i % x.columns]),
  )
}

/**
 * The median over pairs of different rows; where most rows are alike, the root mean square instead; 1 where all are. What is
 * 1e-12 of the rows' own length or of the root mean square is rounding.
 */
function medianDistance(squares: Float64Array, { rows: n, data }: Matrix): number {
  const pairs = new Float64Array((n * (n - 1)) / 2)
  for (let i = 1; i < n; i++) pairs.set(squares.subarray(i * n, i * n + i), (i * (i - 1)) / 2)
  const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length
  const length = data.reduce((sum, value) => sum + value * value, 0) / n
  if (mean <= 1e-24 * length) return 1
  const median = medianInPlace(pairs)
  return Math.sqrt(median > 1e-24 * mean ? median : mean)
}

/** `‖xᵢ − xⱼ‖²` for all pairs of rows, `N × N`, never below zero. */
function distanceModel(): Model {
  const graph = graphBuilder('squared-distances')
  const x = graph.input('x', 'float64', ['n', 'd'])
  const norms = graph.node('ReduceSumSquare', [x], { axes: ints([1]), keepdims: int(1) })
  const products = graph.node('Gemm', [x, x], { transB: int(1) })
  const sums = graph.node('Add', [norms, graph.node('Transpose', [norms])])
  const distances = graph.node('Sub', [sums, graph.node('Add', [products, products])])
  graph.output('distances', graph.node('Relu', [distances]), 'float64', ['n', 'n'])
  return graph.model()
}

/** `cᵀ K c` with `K = exp(scale · distances)` and `c` the signs: `1/n_s` for source rows, `−1/n_t` for target rows. */
function kernelModel(): Model {
  const graph = graphBuilder('kernel-discrepancy')
  const distances = graph.input('distances', 'float64', ['n', 'n'])
  const signs = graph.input('signs', 'float64', ['n', 1])
  const scale = graph.input('scale', 'float64', [])
  const kernel: Value = graph.node('Exp', [graph.node('Mul', [distances, scale])])
  const product = graph.node('Mul', [signs, graph.node('MatMul', [kernel, signs])])
  graph.output('square', graph.node('ReduceSum', [product], { keepdims: int(0) }), 'float64', [])
  return graph.model()
}
