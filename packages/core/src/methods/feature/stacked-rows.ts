import { graphBuilder, int, type Model, unitRowsStage } from '../../onnx/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrixTensor, stackRows, tensorMatrix } from '../../tensor/index.ts'

/** The rows of both domains (`n × d` and `m × d`), source first, each brought to unit length where asked for. */
export async function stackedRows(
  runtime: Runtime,
  source: Matrix,
  target: Matrix,
  unitRows: boolean,
): Promise<Matrix> {
  if (!unitRows) return stackRows([source, target])
  const { y } = await runtime.run(stacking, { source: matrixTensor(source), target: matrixTensor(target) })
  return tensorMatrix(y!)
}

const stacking: Model = (() => {
  const graph = graphBuilder('stacked unit rows')
  const source = graph.input('source', 'float64', ['n', 'd'])
  const target = graph.input('target', 'float64', ['m', 'd'])
  const both = graph.node('Concat', [source, target], { axis: int(0) })
  graph.output('y', unitRowsStage.build(graph, both, {}), 'float64', ['n + m', 'd'])
  return graph.model()
})()
