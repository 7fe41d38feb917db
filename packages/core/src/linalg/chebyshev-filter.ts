import { declareParameters, type Graph, graphBuilder, type Model, parameterInputs, type Value } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrixTensor, scalarTensor, tensorMatrix, vectorTensor } from '../tensor/index.ts'
import type { Operator } from './operators.ts'

/** Multiplies a block (`n × m`) by the Chebyshev polynomial of degree `steps` that stays within ±1 on `[0, cut]`. */
export type ChebyshevFilter = (block: Matrix, cut: number, steps: number) => Promise<Matrix>

/** The filter of an operator `M`: `T₁ = B V`, `T₊₁ = 2 B T − T₋₁` with `B = (M − c)/c`, `c = cut/2`; all steps in one run. */
export function chebyshevFilter(runtime: Runtime, { stage }: Operator): ChebyshevFilter {
  const model = filterModel(stage)
  return async (given, cut, steps) => {
    const { filtered } = await runtime.run(model, {
      ...parameterInputs(stage),
      block: matrixTensor(given),
      centre: scalarTensor(cut / 2),
      factors: vectorTensor(Array.from({ length: steps }, (_, step) => (step === 0 ? 1 : 2))),
    })
    return tensorMatrix(filtered!)
  }
}

const block = ['n', 'm']

function filterModel(stage: Operator['stage']): Model {
  const graph = graphBuilder('chebyshev filter')
  const start = graph.input('block', 'float64', block)
  const centre = graph.input('centre', 'float64', [])
  const factors = graph.input('factors', 'float64', ['steps'])
  const body = stepGraph(stage, declareParameters(stage, graph), centre, factors)
  const [, filtered] = graph.nodes('Loop', 2, [graph.node('Size', [factors]), '', start, start], {
    body: { type: 'graph', value: body },
  })
  graph.output('filtered', filtered!, 'float64', block)
  return graph.model()
}

/** One step, `f B T − (f − 1) T₋₁`, the factor `f` being 1 first and 2 later; parameters are the outer graph's values. */
function stepGraph(
  stage: Operator['stage'],
  parameters: Readonly<Record<string, Value>>,
  centre: Value,
  factors: Value,
): Graph {
  const graph = graphBuilder('chebyshev step')
  const step = graph.input('step', 'int64', [])
  const going = graph.input('going', 'bool', [])
  const before = graph.input('before', 'float64', block)
  const current = graph.input('current', 'float64', block)
  const factor = graph.node('Gather', [factors, step])
  const scaled = graph.node('Div', [stage.build(graph, current, parameters), centre])
  const turned = graph.node('Mul', [graph.node('Sub', [scaled, current]), factor])
  const rest = graph.node('Mul', [before, graph.node('Sub', [factor, graph.constant(scalarTensor(1))])])
  graph.output('still going', going, 'bool', [])
  graph.output('now', current, 'float64', block)
  graph.output('next', graph.node('Sub', [turned, rest]), 'float64', block)
  return graph.model().graph
}
