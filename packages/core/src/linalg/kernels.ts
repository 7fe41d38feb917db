import { int, type Stage } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import {
  integerTensor,
  type Matrix,
  matrixTensor,
  rowOf,
  scalarTensor,
  seededRandom,
  takeRows,
} from '../tensor/index.ts'
import { squaredDistances } from './distances.ts'

/** `k(x, y) = x·y` of new rows (`N × d`) with the kept ones (`m × d`): `N × m`. */
export const linearKernelStage = (kept: Matrix): Stage => ({
  kind: 'linear kernel',
  parameters: { kept: matrixTensor(kept) },
  build: (graph, input, { kept }) => graph.node('Gemm', [input, kept!], { transB: int(1) }),
})

/** `k(x, y) = exp(−‖x − y‖² / 2σ²)` of new rows (`N × d`) with the kept ones (`m × d`): `N × m`. */
export const rbfKernelStage = (kept: Matrix, bandwidth: number): Stage => ({
  kind: 'rbf kernel',
  parameters: {
    kept: matrixTensor(kept),
    squares: { type: 'float64', dims: [kept.rows], data: squaredLengths(kept) },
    factor: scalarTensor(-1 / (2 * bandwidth * bandwidth)),
  },
  build: (graph, input, { kept, squares, factor }) => {
    const own = graph.node('ReduceSum', [graph.node('Mul', [input, input]), graph.constant(integerTensor([1]))], {
      keepdims: int(1),
    })
    const products = graph.node('Gemm', [input, kept!], { transB: int(1) })
    const sums = graph.node('Add', [own, squares!])
    const distances = graph.node('Sub', [sums, graph.node('Add', [products, products])])
    const positive = graph.node('Max', [distances, graph.constant(scalarTensor(0))])
    return graph.node('Exp', [graph.node('Mul', [positive, factor!])])
  },
})

/** Rows looked at for the median: enough for two digits, whatever the size of the data. */
const SAMPLE = 1000

/**
 * The median heuristic (Gretton 2012): `σ` is the median distance between two different rows of `x`, over all pairs of
 * at most 1,000 rows picked by a fixed seed. 1 where all rows are equal.
 */
export async function medianBandwidth(runtime: Runtime, x: Matrix): Promise<number> {
  const sample =
    x.rows <= SAMPLE ? x : takeRows(x, seededRandom(x.rows).permutation(x.rows).subarray(0, SAMPLE).toSorted())
  const distances = await squaredDistances(runtime, sample, sample)
  const pairs = new Float64Array((sample.rows * (sample.rows - 1)) / 2)
  let count = 0
  for (let i = 1; i < sample.rows; i++) {
    pairs.set(distances.data.subarray(i * sample.rows, i * sample.rows + i), count)
    count += i
  }
  pairs.sort()
  const median = Math.sqrt(pairs[pairs.length >> 1] ?? 0)
  if (median > 0) return median
  const spread = Math.sqrt(pairs.at(-1) ?? 0)
  return spread > 0 ? spread : 1
}

function squaredLengths(x: Matrix): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => rowOf(x, i).reduce((sum, value) => sum + value * value, 0))
}
