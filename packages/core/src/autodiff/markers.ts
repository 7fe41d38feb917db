import type { GraphBuilder, Node, Value } from '../onnx/index.ts'

/** The operator set of nodes that say something to differentiation and compute nothing. */
export const MARKERS = 'graft'

export const STOP_GRADIENT = 'StopGradient'
export const REVERSE_GRADIENT = 'ReverseGradient'

/** `x` as it is; no gradient passes. */
export const stopGradient = (graph: GraphBuilder, x: Value): Value => graph.node(STOP_GRADIENT, [x], {}, MARKERS)

/**
 * `x` as it is; the gradient is multiplied by `−factor` on its way back (Ganin 2016, eq. 10). `factor` is a scalar of
 * the type of `x`: an input of the graph where it changes from step to step.
 */
export const reverseGradient = (graph: GraphBuilder, x: Value, factor: Value): Value =>
  graph.node(REVERSE_GRADIENT, [x, factor], {}, MARKERS)

/** A node as ONNX Runtime knows it: a marker is the identity. */
export const lowered = (node: Node): Node =>
  node.domain === MARKERS
    ? { ...node, op: 'Identity', domain: '', inputs: node.inputs.slice(0, 1), attributes: {} }
    : node
