import { type GraphBuilder, graphBuilder, int, type Model, type Value } from '../onnx/index.ts'

/** A loss of decision values (`n × P`), given the rows' classes as zeros and ones (`n × P`). */
export interface LinearLoss {
  readonly id: string
  /** Appends the loss and its derivative by the decision values, each `n × P`; a row's loss is the sum of its own. */
  readonly build: (graph: GraphBuilder, decisions: Value, membership: Value) => { loss: Value; derivative: Value }
}

/**
 * The graph of `L(W, b) = Σᵢ wᵢ ℓ(xᵢ·W + b, yᵢ)` and its gradient, in float64. Inputs: `x` (`n × d`), `labels` (`n × 1`),
 * `classes` (`1 × P`: 0 … P − 1), `rowWeights` (`n × 1`), `weights` (`d × P`), `intercepts` (`P`). Outputs: `loss` (scalar),
 * `weightGradient` (`d × P`), `interceptGradient` (`P`).
 */
export function linearLossModel(loss: LinearLoss): Model {
  const graph = graphBuilder(`linear-${loss.id}`)
  const x = graph.input('x', 'float64', ['n', 'd'])
  const labels = graph.input('labels', 'int64', ['n', 1])
  const classes = graph.input('classes', 'int64', [1, 'p'])
  const rowWeights = graph.input('rowWeights', 'float64', ['n', 1])
  const weights = graph.input('weights', 'float64', ['d', 'p'])
  const intercepts = graph.input('intercepts', 'float64', ['p'])
  const decisions = graph.node('Gemm', [x, weights, intercepts])
  const membership = graph.node('Cast', [graph.node('Equal', [labels, classes])], { to: int(11) })
  const { loss: losses, derivative } = loss.build(graph, decisions, membership)
  const weighted = graph.node('Mul', [rowWeights, derivative])
  const rows = graph.constant({ type: 'int64', dims: [1], data: BigInt64Array.of(0n) })
  const total = graph.node('ReduceSum', [graph.node('Mul', [rowWeights, losses])], { keepdims: int(0) })
  graph.output('loss', total, 'float64', [])
  graph.output('weightGradient', graph.node('Gemm', [x, weighted], { transA: int(1) }), 'float64', ['d', 'p'])
  graph.output('interceptGradient', graph.node('ReduceSum', [weighted, rows], { keepdims: int(0) }), 'float64', ['p'])
  return graph.model()
}
