import { InvalidInputError } from '../../../errors.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { meanOver, stacked, sumOver } from './graph-values.ts'
import type { MmdEstimator } from './mmd.ts'
import { type GaussianKernelOptions, kernelLists, kernelMatrices } from './mmd-kernels.ts'
import { pairWeights, quadrupleSigns, quadruples } from './mmd-pairs.ts'

/** One layer of the joint: its rows in both domains, and its kernels, of which the mean is taken. */
export interface JointLayer extends GaussianKernelOptions {
  /** `N_s × d`. */
  readonly source: Value
  /** `N_t × d`; its rows are in the same order in every layer. */
  readonly target: Value
}

export interface JointMmdOptions {
  /** Default `unbiased`; the paper trains by `linear`. */
  readonly estimator?: MmdEstimator
}

/**
 * The squared joint maximum mean discrepancy of several layers, a scalar: MMD² with the kernel
 * `k(x, y) = Π_l k_l(x_l, y_l)`, the product over the layers. A layer has one kernel whose bandwidth is the median unless
 * told otherwise. Throws `InvalidInputError` where there is no layer.
 *
 * Long, Zhu, Wang, Jordan 2017, Deep Transfer Learning with Joint Adaptation Networks, equations 8 to 10.
 */
export function jointMmd(
  graph: GraphBuilder,
  layers: readonly JointLayer[],
  { estimator = 'unbiased' }: JointMmdOptions = {},
): Value {
  const [first] = layers
  if (first === undefined) throw new InvalidInputError('a joint discrepancy needs layers, got none: give one or more')
  const product = (kernels: readonly Value[]) => kernels.reduce((a, b) => graph.node('Mul', [a, b]))
  if (estimator !== 'linear') {
    const kernels = product(
      layers.map((layer) =>
        meanKernel(graph, layer, kernelMatrices(graph, stacked(graph, layer.source, layer.target), single(layer))),
      ),
    )
    const weights = pairWeights(graph, first.source, first.target, estimator === 'unbiased')
    return sumOver(graph, graph.node('Mul', [kernels, weights]))
  }
  const pairs = layers.map(({ source, target }) => quadruples(graph, source, target))
  const kernels = product(
    layers.map((layer, i) => {
      const rows = stacked(graph, layer.source, layer.target)
      return meanKernel(graph, layer, kernelLists(graph, pairs[i]!.differences, rows, single(layer)))
    }),
  )
  const signed = graph.node('Mul', [kernels, quadrupleSigns(graph)])
  return graph.node('Div', [sumOver(graph, signed), pairs[0]!.count])
}

const single = ({ bandwidth = 'median', factors = [1] }: GaussianKernelOptions): GaussianKernelOptions => ({
  bandwidth,
  factors,
})

/** The mean over the kernels, `1 × a × b` from `m × a × b`. */
const meanKernel = (graph: GraphBuilder, { factors = [1] }: GaussianKernelOptions, kernels: Value): Value =>
  factors.length === 1 ? kernels : meanOver(graph, kernels, [0], true)
