import { declareParameters, graphBuilder, int, type Model, parameterInputs, type Stage } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { integerTensor, type Matrix, matrixTensor, type Tensor, tensorMatrix, vectorTensor } from '../tensor/index.ts'
import { orthonormalising } from './orthonormalising.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/** The best approximations of eigenpairs in a block's span, largest first. */
export interface RitzPairs {
  readonly values: Float64Array
  /** `n × r`, `VᵀGV = I`; `r` is the rank of the block given, in the metric. */
  readonly block: Matrix
  /** `‖Mv − θv‖` of each, in the metric. */
  readonly residuals: Float64Array
}

/** The Rayleigh–Ritz step of an operator `M` that is self-adjoint in the metric `G` (the identity where absent). */
export function rayleighRitz(
  runtime: Runtime,
  stage: Stage,
  metric: Matrix | undefined,
): (block: Matrix) => Promise<RitzPairs> {
  const project = projection(stage, metric !== undefined)
  const rotate = rotation(metric !== undefined)
  const weight: Readonly<Record<string, Tensor>> = metric === undefined ? {} : { g: matrixTensor(metric) }
  return async (given) => {
    const v = matrixTensor(given)
    const { image, s, h } = await runtime.run(project, { v, ...parameterInputs(stage), ...weight })
    const basis = matrixTensor(orthonormalising(tensorMatrix(s!)))
    const { inner } = await runtime.run(congruence, { h: h!, basis })
    const { values, vectors } = symmetricEigen(tensorMatrix(inner!))
    const { block, residuals } = await runtime.run(rotate, {
      v,
      image: image!,
      basis,
      turn: matrixTensor(vectors),
      theta: vectorTensor(values),
      ...weight,
    })
    return { values, block: tensorMatrix(block!), residuals: residuals!.data as Float64Array }
  }
}

/** `MV`, `VᵀGV` and `VᵀGMV`. */
function projection(stage: Stage, weighted: boolean): Model {
  const graph = graphBuilder('projection')
  const v = graph.input('v', 'float64', ['n', 'm'])
  const image = stage.build(graph, v, declareParameters(stage, graph))
  const left = weighted ? graph.node('MatMul', [graph.input('g', 'float64', ['n', 'n']), v]) : v
  graph.output('image', image, 'float64', ['n', 'm'])
  graph.output('s', graph.node('Gemm', [v, left], { transA: int(1) }), 'float64', ['m', 'm'])
  graph.output('h', graph.node('Gemm', [left, image], { transA: int(1) }), 'float64', ['m', 'm'])
  return graph.model()
}

/** `WᵀHW` of the basis `W` that makes `S` the identity. */
const congruence: Model = (() => {
  const graph = graphBuilder('congruence')
  const h = graph.input('h', 'float64', ['m', 'm'])
  const basis = graph.input('basis', 'float64', ['m', 'r'])
  const inner = graph.node('Gemm', [basis, graph.node('MatMul', [h, basis])], { transA: int(1) })
  graph.output('inner', inner, 'float64', ['r', 'r'])
  return graph.model()
})()

/** `VC` (`C = W · turn`) and the lengths of the columns of `MVC − VCΘ`. */
function rotation(weighted: boolean): Model {
  const graph = graphBuilder('rotation')
  const v = graph.input('v', 'float64', ['n', 'm'])
  const image = graph.input('image', 'float64', ['n', 'm'])
  const basis = graph.input('basis', 'float64', ['m', 'r'])
  const c = graph.node('MatMul', [basis, graph.input('turn', 'float64', ['r', 'r'])])
  const theta = graph.input('theta', 'float64', ['r'])
  const block = graph.node('MatMul', [v, c])
  const residual = graph.node('Sub', [graph.node('MatMul', [image, c]), graph.node('Mul', [block, theta])])
  const dual = weighted ? graph.node('MatMul', [graph.input('g', 'float64', ['n', 'n']), residual]) : residual
  const products = graph.node('Mul', [residual, dual])
  const squared = graph.node('ReduceSum', [products, graph.constant(integerTensor([0]))], { keepdims: int(0) })
  graph.output('block', block, 'float64', ['n', 'r'])
  graph.output('residuals', graph.node('Sqrt', [graph.node('Abs', [squared])]), 'float64', ['r'])
  return graph.model()
}
