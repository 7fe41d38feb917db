import { float, graphBuilder, int, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrixTensor, tensorMatrix } from '../tensor/index.ts'

/** Which operands of a product are transposed. */
export interface Transposed {
  readonly a?: boolean
  readonly b?: boolean
}

/** The four products as graphs; Gemm reads a transposed operand in place. */
const products: Readonly<Record<'nn' | 'nt' | 'tn' | 'tt', Model>> = {
  nn: productModel(0, 0),
  nt: productModel(0, 1),
  tn: productModel(1, 0),
  tt: productModel(1, 1),
}

/** `op(A) op(B)`, `op` being the transpose where asked for; the inner sizes must agree. Runs on the runtime, float64. */
export async function multiply(runtime: Runtime, a: Matrix, b: Matrix, transposed: Transposed = {}): Promise<Matrix> {
  const model = products[`${transposed.a ? 't' : 'n'}${transposed.b ? 't' : 'n'}`]
  const { y } = await runtime.run(model, { a: matrixTensor(a), b: matrixTensor(b) })
  return tensorMatrix(y!)
}

function productModel(transA: 0 | 1, transB: 0 | 1): Model {
  const graph = graphBuilder('product')
  const a = graph.input('a', 'float64', ['ra', 'ca'])
  const b = graph.input('b', 'float64', ['rb', 'cb'])
  const attributes = { transA: int(transA), transB: int(transB), alpha: float(1) }
  graph.output('y', graph.node('Gemm', [a, b], attributes), 'float64', ['r', 'c'])
  return graph.model()
}
