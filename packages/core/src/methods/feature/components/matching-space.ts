import {
  matrixOperator,
  medianBandwidth,
  multiply,
  type Operator,
  rbfKernelStage,
  scatter,
} from '../../../linalg/index.ts'
import { composeStages, int, linearStage, type Stage } from '../../../onnx/index.ts'
import { applyStages, type Runtime } from '../../../runtime/index.ts'
import { type Matrix, matrix, matrixTensor } from '../../../tensor/index.ts'
import { requireMemory } from '../../memory.ts'
import type { MethodContext } from '../../method.ts'
import type { KernelSpace } from '../kernel-space.ts'
import { fromSpan, spannedRows } from '../row-span.ts'

/** A kernel space in which each row's coefficients are penalised by a weight of their own: `Σᵢ gᵢ ‖aᵢ‖²`. */
export interface MatchingSpace extends KernelSpace {
  /** `A` (`n × k`), the coefficients over the rows, of coefficients in this space (`size × k`). */
  readonly overRows: (coefficients: Matrix) => Promise<Matrix>
}

/** Makes the space for weights `g` of the rows (`n` positive numbers). */
export type MatchingSpaces = (weights: Float64Array) => Promise<MatchingSpace>

/**
 * The spaces of transforms `Z = KA` of the rows `x` (`n × d`) for changing weights `G = diag(g)`. For the linear kernel the
 * best `A` for any `P = XᵀA` is `G⁻¹XU`, with the penalty `UᵀNU`, `N = XᵀG⁻¹X`, and `P = NU`: all work is that of `d × d`
 * matrices, as in `kernelSpace`, with `N` in the place of `XᵀX`, or, as only products of rows matter, of `r × r` ones where
 * rows are few and span `r` dimensions. For rbf, `A = G^-½V`.
 */
export async function matchingSpaces(
  context: Pick<MethodContext, 'runtime' | 'memoryLimit'>,
  x: Matrix,
  kernel: 'linear' | 'rbf',
  bandwidth: number | null,
): Promise<MatchingSpaces> {
  const { runtime } = context
  if (kernel === 'linear') return linearSpaces(runtime, x)
  requireMemory(context, 3 * x.rows ** 2, `the rbf kernel's matrix of all pairs of ${x.rows} rows`, 'set kernel=linear')
  return rbfSpaces(runtime, x, bandwidth ?? (await medianBandwidth(runtime, x)))
}

async function linearSpaces(runtime: Runtime, rows: Matrix): Promise<MatchingSpaces> {
  const spanned = await spannedRows(runtime, rows)
  const x = spanned.rows
  const { products } = await scatter(runtime, x)
  const image = (coefficients: Matrix) => multiply(runtime, x, coefficients, { a: true })
  return async (weights) => {
    const inverse = weights.map((weight) => 1 / weight)
    const metric = await multiply(runtime, x, rowsTimes(x, inverse), { a: true })
    return {
      size: x.columns,
      metric,
      scatter: matrixOperator(await multiply(runtime, products, metric)),
      image,
      embed: async (u) => linearStage(await fromSpan(runtime, spanned, await multiply(runtime, metric, u))),
      overRows: async (u) => rowsTimes(await multiply(runtime, x, u), inverse),
    }
  }
}

async function rbfSpaces(runtime: Runtime, x: Matrix, bandwidth: number): Promise<MatchingSpaces> {
  const stage = rbfKernelStage(x, bandwidth)
  const k = await applyStages(runtime, [stage], x)
  return async (weights) => {
    const roots = weights.map((weight) => 1 / Math.sqrt(weight))
    const scaled = rowsTimes(k, roots)
    const overRows = async (v: Matrix): Promise<Matrix> => rowsTimes(v, roots)
    return {
      size: x.rows,
      scatter: centredProducts(scaled),
      image: (coefficients) => multiply(runtime, scaled, coefficients),
      embed: async (v) => composeStages([stage, linearStage(await overRows(v))]),
      overRows,
      bandwidth,
    }
  }
}

/** `V ↦ Q H Qᵀ V`, `H` taking the mean away. */
function centredProducts(q: Matrix): Operator {
  const stage: Stage = {
    kind: 'centred products',
    parameters: { q: matrixTensor(q) },
    build: (graph, v, { q }) => {
      const image = graph.node('Gemm', [q!, v], { transA: int(1) })
      const mean = graph.node('ReduceMean', [image], { axes: { type: 'ints', value: [0] }, keepdims: int(1) })
      return graph.node('MatMul', [q!, graph.node('Sub', [image, mean])])
    },
  }
  return { size: q.rows, stage }
}

/** Row `i` times `factors[i]`. */
function rowsTimes(m: Matrix, factors: Float64Array): Matrix {
  const result = matrix(m.rows, m.columns)
  for (let i = 0; i < m.rows; i++) {
    const factor = factors[i]!
    for (let at = i * m.columns; at < (i + 1) * m.columns; at++) result.data[at] = factor * m.data[at]!
  }
  return result
}
