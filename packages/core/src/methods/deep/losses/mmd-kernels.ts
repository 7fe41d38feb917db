import { stopGradient } from '../../../autodiff/index.ts'
import { InvalidInputError } from '../../../errors.ts'
import { float, type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, meanOver, numbers, scalar, scaled, squaredLengths } from './graph-values.ts'
import { meanPairDistance, medianOf, medianPairDistance } from './mmd-bandwidth.ts'

/** A family of Gaussian kernels `k_u(x, y) = exp(−‖x − y‖² / (f_u γ))`. */
export interface GaussianKernelOptions {
  /**
   * `γ`: the median (the default: Gretton 2012) or the mean of the batch's squared distances between different rows,
   * through which no gradient passes, or a number. The mean needs no sorting.
   */
  readonly bandwidth?: 'median' | 'mean' | number
  /** `f_u`, one for each of the `m` kernels. Default `1/4, 1/2, 1, 2, 4`. */
  readonly factors?: readonly number[]
}

/** Kernels around the batch's own bandwidth, a factor of 2 apart. */
export const DEFAULT_FACTORS: readonly number[] = [0.25, 0.5, 1, 2, 4]

/** A bandwidth found from the batch is no smaller than this part of the rows' mean squared length: below is rounding. */
const LEAST = 1e-8

/** How many kernels there are. Throws `InvalidInputError` for factors and bandwidths that are not positive. */
export function kernelCount({ bandwidth = 'median', factors = DEFAULT_FACTORS }: GaussianKernelOptions): number {
  const positive = (value: number) => value > 0 && Number.isFinite(value)
  if (factors.length === 0 || !factors.every(positive)) {
    throw new InvalidInputError(`kernels need positive factors of the bandwidth, got ${factors.join(', ') || 'none'}`)
  }
  if (typeof bandwidth === 'number' && !positive(bandwidth)) {
    throw new InvalidInputError(`the bandwidth of a kernel is positive, got ${bandwidth}: give a squared distance`)
  }
  return factors.length
}

/** The `m` kernels between all rows of `x` (`n × d`), `m × n × n`: one product of `x` with itself. */
export function kernelMatrices(graph: GraphBuilder, x: Value, options: GaussianKernelOptions): Value {
  const distances = squaredDistances(graph, x)
  const found = options.bandwidth === 'mean' ? meanPairDistance : medianPairDistance
  return kernelsOf(graph, distances, options, () => atLeast(graph, found(graph, distances), x))
}

/** The `m` kernels of lists of pairs, `m × l × p`, from the differences of their rows, `l` times `p × d`. */
export function kernelLists(
  graph: GraphBuilder,
  differences: readonly Value[],
  x: Value,
  options: GaussianKernelOptions,
): Value {
  const rows = differences.map((each) => graph.node('Unsqueeze', [squaredLengths(graph, each), integers(graph, [0])]))
  const distances = graph.node('Concat', rows, { axis: int(0) })
  const found = options.bandwidth === 'mean' ? meanOver : medianOf
  return kernelsOf(graph, distances, options, () => atLeast(graph, found(graph, distances), x))
}

function kernelsOf(
  graph: GraphBuilder,
  distances: Value,
  options: GaussianKernelOptions,
  fromBatch: () => Value,
): Value {
  const count = kernelCount(options)
  const { bandwidth = 'median', factors = DEFAULT_FACTORS } = options
  const dims = [count, 1, 1]
  const rates =
    typeof bandwidth === 'number'
      ? numbers(
          graph,
          factors.map((factor) => -1 / (factor * bandwidth)),
          dims,
        )
      : graph.node('Div', [
          numbers(
            graph,
            factors.map((factor) => -1 / factor),
            dims,
          ),
          stopGradient(graph, fromBatch()),
        ])
  return graph.node('Exp', [graph.node('Mul', [distances, rates])])
}

/** `‖xᵢ − xⱼ‖²`, `n × n`. Distances do not change with the origin; with the mean row there, float32 loses fewer digits. */
function squaredDistances(graph: GraphBuilder, x: Value): Value {
  const centred = graph.node('Sub', [x, stopGradient(graph, meanOver(graph, x, [0], true))])
  const lengths = squaredLengths(graph, centred, true)
  const half = graph.node('Gemm', [centred, centred, lengths], { alpha: float(-2), transB: int(1) })
  return graph.node('Relu', [graph.node('Add', [half, graph.node('Transpose', [lengths])])])
}

/** The bandwidth, or where all rows are alike what rounding makes harmless. */
function atLeast(graph: GraphBuilder, bandwidth: Value, x: Value): Value {
  const least = scaled(graph, meanOver(graph, squaredLengths(graph, x)), LEAST)
  return graph.node('Max', [bandwidth, graph.node('Add', [least, scalar(graph, 1e-30)])])
}
