import { integerTensor, type Matrix, matrixTensor, scalarTensor, vectorTensor } from '../tensor/index.ts'
import { type GraphBuilder, int, ints, type Value } from './builder.ts'
import type { Stage } from './stage.ts'

/** `(x − shift) · scale`, column by column; both have `d` elements. */
export const affineStage = (shift: Float64Array, scale: Float64Array): Stage => ({
  kind: 'affine',
  parameters: { shift: vectorTensor(shift), scale: vectorTensor(scale) },
  build: (graph, input, { shift, scale }) => graph.node('Mul', [graph.node('Sub', [input, shift!]), scale!]),
})

/** `x P`, `P` being `d × k`. */
export const linearStage = (projection: Matrix): Stage => ({
  kind: 'linear',
  parameters: { projection: matrixTensor(projection) },
  build: (graph, input, { projection }) => graph.node('MatMul', [input, projection!]),
})

/** Each row divided by its Euclidean length; a zero row stays zero. */
export const unitRowsStage: Stage = {
  kind: 'unit rows',
  parameters: {},
  build: (graph, input) => {
    const lengths = graph.node('ReduceL2', [input], { axes: ints([1]), keepdims: int(1) })
    return graph.node('Div', [input, atLeastTiny(graph, lengths)])
  },
}

/** Each row divided by its sum, as histograms are brought to frequencies; a row without a positive sum is divided by 1e-12. */
export const rowFrequenciesStage: Stage = {
  kind: 'row frequencies',
  parameters: {},
  build: (graph, input) => graph.node('Div', [input, atLeastTiny(graph, rowSums(graph, input))]),
}

/** The divisor below which a row counts as empty. */
export const TINY = 1e-12

const rowSums = (graph: GraphBuilder, x: Value): Value =>
  graph.node('ReduceSum', [x, graph.constant(integerTensor([1]))], { keepdims: int(1) })

const atLeastTiny = (graph: GraphBuilder, x: Value): Value => graph.node('Max', [x, graph.constant(scalarTensor(TINY))])
