import { graphBuilder, int, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { integerTensor, type Matrix, matrixTensor, scalarTensor, tensorMatrix } from '../tensor/index.ts'

/** Squared Euclidean distances of all rows of `a` (`n × d`) to all of `b` (`m × d`): `n × m`, never negative. */
export async function squaredDistances(runtime: Runtime, a: Matrix, b: Matrix): Promise<Matrix> {
  const { y } = await runtime.run(distanceModel, { a: matrixTensor(a), b: matrixTensor(b) })
  return tensorMatrix(y!)
}

/** `‖aᵢ‖² + ‖bⱼ‖² − 2 aᵢ·bⱼ`, rounding below zero cut off. */
const distanceModel: Model = (() => {
  const graph = graphBuilder('squared distances')
  const a = graph.input('a', 'float64', ['n', 'd'])
  const b = graph.input('b', 'float64', ['m', 'd'])
  const squares = (x: string) =>
    graph.node('ReduceSum', [graph.node('Mul', [x, x]), graph.constant(integerTensor([1]))], { keepdims: int(1) })
  const products = graph.node('Gemm', [a, b], { transB: int(1) })
  const twice = graph.node('Mul', [products, graph.constant(scalarTensor(-2))])
  const withA = graph.node('Add', [twice, squares(a)])
  const both = graph.node('Add', [withA, graph.node('Transpose', [squares(b)])])
  graph.output('y', graph.node('Max', [both, graph.constant(scalarTensor(0))]), 'float64', ['n', 'm'])
  return graph.model()
})()
