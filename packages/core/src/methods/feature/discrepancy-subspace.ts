import { multiply, type Operator, smallProduct, symmetricEigen, topEigenpairs } from '../../linalg/index.ts'
import type { Stage } from '../../onnx/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, takeColumns } from '../../tensor/index.ts'
import type { Discrepancy } from './discrepancy.ts'
import type { KernelSpace } from './kernel-space.ts'
import { fixSigns, significant } from './principal-axes.ts'

/** The transform that transfer component analysis and its kin look for. */
export interface DiscrepancySubspace {
  /** `size × k` coefficients with `Wᵀ(KMK + λI)W = I`, best first. */
  readonly coefficients: Matrix
  /** `k` values of scatter over discrepancy: the objective is their sum. */
  readonly values: Float64Array
  /** To start a similar problem from. */
  readonly block: Matrix
}

/**
 * Maximises `tr((Wᵀ(KMK + λI)W)⁻¹ WᵀKHKW)` over `W` with `k` columns (Pan 2011, eq. 12; Long 2013, eq. 8): the leading
 * eigenvectors of the scatter relative to `A = λI + KMK`.
 *
 * `A` is the identity plus a matrix of rank `r` (one column of the discrepancy per class and one for the marginals):
 * `A^-½ = λ^-½ (I − U D Uᵀ)` with `U` (`size × r`) the eigenvectors of that matrix, `s` its eigenvalues and
 * `D = 1 − √(λ/(λ+s))`. So the symmetric operator `A^-½ S A^-½` costs little more than the scatter `S` itself.
 */
export async function discrepancySubspace(
  runtime: Runtime,
  space: KernelSpace,
  terms: Discrepancy,
  components: number,
  lambda: number,
  start?: Matrix,
): Promise<DiscrepancySubspace> {
  const means = await space.image(terms.coefficients)
  const { left, right } = await inverseRoot(runtime, means, space.metric, lambda)
  const operator: Operator = { size: space.size, stage: whitenedScatter(space, left, right, lambda) }
  const pairs = await topEigenpairs(runtime, operator, Math.min(components, space.size), {
    tolerance: 1e-7,
    ...(space.metric === undefined ? {} : { metric: space.metric }),
    ...(start === undefined ? {} : { start }),
  })
  const rank = Math.max(1, significant(pairs))
  const vectors = takeColumns(pairs.vectors, 0, rank)
  const shift = smallProduct(left, smallProduct(right, vectors))
  const scale = 1 / Math.sqrt(lambda)
  for (let i = 0; i < shift.data.length; i++) shift.data[i] = scale * (vectors.data[i]! - shift.data[i]!)
  return {
    coefficients: fixSigns(shift),
    values: pairs.values.slice(0, rank),
    block: pairs.block,
  }
}

/** `U D` (`size × r`) and `UᵀG` (`r × size`), of `KMK = U s Uᵀ` with `UᵀGU = I`. */
async function inverseRoot(
  runtime: Runtime,
  means: Matrix,
  metric: Matrix | undefined,
  lambda: number,
): Promise<{ left: Matrix; right: Matrix }> {
  const dual = metric === undefined ? means : await multiply(runtime, metric, means)
  const { values, vectors } = symmetricEigen(await multiply(runtime, means, dual, { a: true }))
  const limit = values[0]! * 1e-14
  const r = values.findIndex((value) => !(value > limit))
  const kept = takeColumns(vectors, 0, r === -1 ? values.length : r)
  const turned = smallProduct(means, kept)
  const turnedDual = smallProduct(dual, kept)
  const left = matrix(means.rows, kept.columns)
  const right = matrix(kept.columns, means.rows)
  for (let j = 0; j < kept.columns; j++) {
    const length = 1 / Math.sqrt(values[j]!)
    const damping = 1 - Math.sqrt(lambda / (lambda + values[j]!))
    for (let i = 0; i < means.rows; i++) {
      left.data[i * left.columns + j] = turned.data[i * left.columns + j]! * length * damping
      right.data[j * right.columns + i] = turnedDual.data[i * left.columns + j]! * length
    }
  }
  return { left, right }
}

/** `V ↦ A^-½ S (G) A^-½ V`. */
function whitenedScatter(space: KernelSpace, left: Matrix, right: Matrix, lambda: number): Stage {
  const inner = space.scatter.stage
  const weighted = space.metric !== undefined
  return {
    kind: `whitened ${inner.kind}${weighted ? ' in a metric' : ''}`,
    parameters: {
      ...inner.parameters,
      left: matrixTensor(left),
      right: matrixTensor(right),
      lambda: { type: 'float64', dims: [], data: Float64Array.of(lambda) },
      ...(space.metric === undefined ? {} : { metric: matrixTensor(space.metric) }),
    },
    build: (graph, v, parameters) => {
      const { left, right, lambda, metric } = parameters
      const damp = (x: string) =>
        graph.node('Sub', [x, graph.node('MatMul', [left!, graph.node('MatMul', [right!, x])])])
      const first = damp(v)
      const measured = metric === undefined ? first : graph.node('MatMul', [metric, first])
      return graph.node('Div', [damp(inner.build(graph, measured, parameters)), lambda!])
    },
  }
}
