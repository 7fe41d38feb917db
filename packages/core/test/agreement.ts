import {
  affineStage,
  composeStages,
  graphBuilder,
  int,
  linearStage,
  type Model,
  stageInputs,
  stageModel,
  unitRowsStage,
  type Value,
} from '../src/onnx/index.ts'
import type { Tensors } from '../src/runtime/runtime.ts'
import {
  type ElementType,
  integerTensor,
  matrix,
  matrixTensor,
  seededRandom,
  sizeOf,
  type Tensor,
  tensor,
} from '../src/tensor/index.ts'

/** A graph with inputs, to run on two runtimes whose results must agree. Holds in browsers too: nothing of Node here. */
export interface AgreementCase {
  readonly name: string
  readonly model: Model
  readonly inputs: Tensors
}

type Build = (
  graph: ReturnType<typeof graphBuilder>,
  inputs: readonly Value[],
) => readonly [Value, ElementType, number][]

const toFloat32 = (t: Tensor<'float64'>): Tensor => tensor('float32', t.dims, Float32Array.from(t.data))

/** The float64 and text operators that Graft's own graphs use, and a layer in float32. */
export function agreementCases(): readonly AgreementCase[] {
  const random = seededRandom(1)
  const normal = (...dims: number[]) =>
    tensor('float64', dims, Float64Array.from({ length: sizeOf(dims) }, random.normal))
  const one = (name: string, inputs: readonly Tensor[], build: Build): AgreementCase => {
    const graph = graphBuilder(name)
    const values = inputs.map((t, i) => graph.input(`x${i}`, t.type, t.dims))
    build(graph, values).forEach(([value, type, rank], i) => {
      graph.output(`y${i}`, value, type, new Array<null>(rank).fill(null))
    })
    return { name, model: graph.model(), inputs: Object.fromEntries(inputs.map((t, i) => [`x${i}`, t])) }
  }
  const axis = int(1)
  const [a, b, square] = [normal(5, 7), normal(7, 3), normal(6, 6)]
  const stage = composeStages([
    affineStage(Float64Array.of(1, 2, 3), Float64Array.of(0.5, 2, 1)),
    linearStage(matrix(3, 2, Float64Array.of(1, 2, 3, 4, 5, 6))),
    unitRowsStage,
  ])
  return [
    one('MatMul', [a, b], (g, v) => [[g.node('MatMul', v), 'float64', 2]]),
    one('Gemm with both sides transposed', [b, a], (g, v) => [
      [g.node('Gemm', v, { transA: int(1), transB: int(1) }), 'float64', 2],
    ]),
    one('Transpose, then MatMul', [a, a], (g, [x, y]) => [
      [g.node('MatMul', [g.node('Transpose', [x!]), y!]), 'float64', 2],
    ]),
    one('ArgMin', [square], (g, v) => [[g.node('ArgMin', v, { axis, keepdims: int(0) }), 'int64', 1]]),
    one('TopK', [square], (g, [x]) => {
      const [values, indices] = g.nodes('TopK', 2, [x!, g.constant(integerTensor([3]))], { largest: int(0) })
      return [
        [values!, 'float64', 2],
        [indices!, 'int64', 2],
      ]
    }),
    one('Softmax', [square], (g, v) => [[g.node('Softmax', v, { axis }), 'float64', 2]]),
    one('Gather of strings', [tensor('string', [3], ['ä', '', 'c']), integerTensor([2, 0, 1, 0])], (g, v) => [
      [g.node('Gather', v), 'string', 1],
    ]),
    one('Cast', [square], (g, v) => [
      [g.node('Cast', v, { to: int(1) }), 'float32', 2],
      [g.node('Cast', v, { to: int(7) }), 'int64', 2],
      [g.node('Cast', v, { to: int(9) }), 'bool', 2],
    ]),
    one('ReduceSum', [square], (g, [x]) => [[g.node('ReduceSum', [x!, g.constant(integerTensor([1]))]), 'float64', 2]]),
    one('Exp', [square], (g, v) => [[g.node('Exp', v), 'float64', 2]]),
    one('Sqrt', [square], (g, [x]) => [[g.node('Sqrt', [g.node('Mul', [x!, x!])]), 'float64', 2]]),
    one('a layer in float32', [toFloat32(a), toFloat32(b)], (g, v) => [
      [g.node('Relu', [g.node('MatMul', v)]), 'float32', 2],
    ]),
    {
      name: 'a pipeline of stages',
      model: stageModel(stage),
      inputs: stageInputs(stage, matrixTensor(matrix(4, 3, normal(4, 3).data))),
    },
  ]
}

/**
 * The largest difference between two results, relative to the values' size where that exceeds 1; infinite where
 * names, types, shapes, whole numbers or texts differ.
 */
export function disagreement(a: Tensors, b: Tensors): number {
  if (Object.keys(a).join() !== Object.keys(b).join()) return Number.POSITIVE_INFINITY
  return Math.max(0, ...Object.keys(a).map((name) => tensorDisagreement(a[name]!, b[name]!)))
}

function tensorDisagreement(a: Tensor, b: Tensor): number {
  if (a.type !== b.type || a.dims.join() !== b.dims.join()) return Number.POSITIVE_INFINITY
  const isFloat = a.type === 'float64' || a.type === 'float32'
  let largest = 0
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i]!, b.data[i]!]
    if (x === y) continue
    if (!isFloat) return Number.POSITIVE_INFINITY
    largest = Math.max(largest, Math.abs(Number(x) - Number(y)) / Math.max(1, Math.abs(Number(x))))
  }
  return largest
}
