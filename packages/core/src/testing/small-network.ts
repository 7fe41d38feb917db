import { graphBuilder, int, type Model } from '../onnx/index.ts'
import { sizeOf, type Tensor } from '../tensor/index.ts'

/** A float32 tensor whose element `k` (row-major) is `fill(k)`. */
export const filled = (dims: readonly number[], fill: (k: number) => number): Tensor<'float32'> => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: sizeOf(dims) }, (_, k) => fill(k)),
})

/**
 * `input` (N × 3) through a layer of 4, batch normalisation where `normalised`, tanh, and a layer of 2 to `logits`. Weight
 * `k` of each tensor is `0.6 sin(a + 1.7 k)`, `a` being 1, 2, 3, 4 for `first.weight`, `first.bias`, `second.weight`,
 * `second.bias`.
 */
export function smallNetwork({ normalised = false }: { readonly normalised?: boolean } = {}): Model {
  const graph = graphBuilder('small')
  const weight = (name: string, dims: number[], a: number) =>
    graph.constant(
      filled(dims, (k) => 0.6 * Math.sin(a + 1.7 * k)),
      name,
    )
  const constant = (name: string, value: number) =>
    graph.constant(
      filled([4], () => value),
      name,
    )
  const x = graph.input('input', 'float32', ['N', 3])
  const first = graph.node('Gemm', [x, weight('first.weight', [4, 3], 1), weight('first.bias', [4], 2)], {
    transB: int(1),
  })
  const norm = () => [
    constant('norm.weight', 1),
    constant('norm.bias', 0),
    constant('norm.mean', 0),
    constant('norm.variance', 1),
  ]
  const hidden = graph.node('Tanh', [normalised ? graph.node('BatchNormalization', [first, ...norm()]) : first])
  const y = graph.node('Gemm', [hidden, weight('second.weight', [2, 4], 3), weight('second.bias', [2], 4)], {
    transB: int(1),
  })
  graph.output('logits', y, 'float32', ['N', 2])
  return graph.model()
}

/**
 * Rows `from` to `to` of a made data set: `input[i][j] = sin(0.7 i + 1.3 j)`, and the target 1 where the first two features
 * have the same sign.
 */
export function smallBatch(from: number, to: number): { input: Tensor; target: Tensor } {
  const rows = to - from
  const feature = (i: number, j: number) => Math.sin(0.7 * i + 1.3 * j)
  return {
    input: filled([rows, 3], (k) => feature(from + Math.floor(k / 3), k % 3)),
    target: {
      type: 'int64',
      dims: [rows],
      data: BigInt64Array.from({ length: rows }, (_, i) => (feature(from + i, 0) * feature(from + i, 1) > 0 ? 1n : 0n)),
    },
  }
}
