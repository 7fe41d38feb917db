import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integerTensor, tensor } from '../../../tensor/index.ts'

/** A stored float32 scalar. */
export const scalar = (graph: GraphBuilder, value: number): Value =>
  graph.constant(tensor('float32', [], Float32Array.of(value)))

/** Stored float32 numbers in a shape of their own; as one list where none is given. */
export const numbers = (graph: GraphBuilder, values: readonly number[], dims: readonly number[] = [values.length]) =>
  graph.constant(tensor('float32', dims, Float32Array.from(values)))

/** A stored list of whole numbers: axes, shapes, places. */
export const integers = (graph: GraphBuilder, values: readonly number[]): Value => graph.constant(integerTensor(values))

/** How many rows `x` has, int64 `[1]`. A step made for fixed shapes has it as a constant. */
export const rowsOf = (graph: GraphBuilder, x: Value): Value => graph.node('Shape', [x], { start: int(0), end: int(1) })

/** An int64 `[1]` as a float32 scalar. */
export const asScalar = (graph: GraphBuilder, x: Value): Value =>
  graph.node('Reshape', [graph.node('Cast', [x], { to: int(1) }), integers(graph, [])])

/** How many rows `x` has, as a float32 scalar. */
export const rowCount = (graph: GraphBuilder, x: Value): Value => asScalar(graph, rowsOf(graph, x))

/** The sum over the given axes, or over all. */
export const sumOver = (graph: GraphBuilder, x: Value, axes?: readonly number[], keep = false): Value =>
  graph.node('ReduceSum', axes === undefined ? [x] : [x, integers(graph, axes)], { keepdims: int(Number(keep)) })

/** The mean over the given axes, or over all. */
export const meanOver = (graph: GraphBuilder, x: Value, axes?: readonly number[], keep = false): Value =>
  graph.node('ReduceMean', axes === undefined ? [x] : [x, integers(graph, axes)], { keepdims: int(Number(keep)) })

/** `‖x‖²` along the last axis of a matrix. */
export const squaredLengths = (graph: GraphBuilder, x: Value, keep = false): Value =>
  graph.node('ReduceSumSquare', [x, integers(graph, [1])], { keepdims: int(Number(keep)) })

/** `x · factor`. */
export const scaled = (graph: GraphBuilder, x: Value, factor: number): Value =>
  graph.node('Mul', [x, scalar(graph, factor)])

/** The rows of `a` and then those of `b`. */
export const stacked = (graph: GraphBuilder, a: Value, b: Value): Value =>
  graph.node('Concat', [a, b], { axis: int(0) })
