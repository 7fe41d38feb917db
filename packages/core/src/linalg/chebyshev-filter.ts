import { declareParameters, float, graphBuilder, type Model, parameterInputs } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, scalarTensor, type Tensor, tensorMatrix } from '../tensor/index.ts'
import type { Operator } from './operators.ts'

/** Multiplies a block (`n × m`) by the Chebyshev polynomial of degree `steps` that stays within ±1 on `[0, cut]`. */
export type ChebyshevFilter = (block: Matrix, cut: number, steps: number) => Promise<Matrix>

/**
 * The filter of an operator `M`: `T₁ = B V`, `T₊₁ = 2 B T − T₋₁` with `B = (M − c)/c`, `c = cut/2`. Of a formed matrix,
 * `B` is made once and each step is one fused product.
 */
export function chebyshevFilter(runtime: Runtime, operator: Operator): ChebyshevFilter {
  const formed = operator.matrix
  const first = stepModel(operator, false)
  const later = stepModel(operator, true)
  return async (block, cut, steps) => {
    const centre = cut / 2
    const inputs: Readonly<Record<string, Tensor>> =
      formed === undefined
        ? { centre: scalarTensor(centre), ...parameterInputs(operator.stage) }
        : { b: matrixTensor(shifted(formed, centre)) }
    let previous: Tensor = matrixTensor(block)
    let current = (await runtime.run(first, { ...inputs, current: previous })).next!
    for (let step = 1; step < steps; step++) {
      const { next } = await runtime.run(later, { ...inputs, current, previous })
      previous = current
      current = next!
    }
    return tensorMatrix(current)
  }
}

/** `(M − c)/c`. */
function shifted(m: Matrix, centre: number): Matrix {
  const result = matrix(m.rows, m.columns)
  const factor = 1 / centre
  for (let i = 0; i < m.data.length; i++) result.data[i] = m.data[i]! * factor
  for (let i = 0; i < m.rows; i++) {
    const at = i * m.columns + i
    result.data[at] = result.data[at]! - 1
  }
  return result
}

/** One step of the recursion, the first or a later one. */
function stepModel({ matrix: formed, stage }: Operator, later: boolean): Model {
  const graph = graphBuilder(`chebyshev ${later ? 'step' : 'start'}`)
  const block = ['n', 'm']
  const current = graph.input('current', 'float64', block)
  const previous = later ? graph.input('previous', 'float64', block) : undefined
  if (formed !== undefined) {
    const b = graph.input('b', 'float64', ['n', 'n'])
    const fused = { alpha: float(2), beta: float(-1) }
    const next =
      previous === undefined ? graph.node('MatMul', [b, current]) : graph.node('Gemm', [b, current, previous], fused)
    graph.output('next', next, 'float64', block)
    return graph.model()
  }
  const image = stage.build(graph, current, declareParameters(stage, graph))
  const scaled = graph.node('Div', [image, graph.input('centre', 'float64', [])])
  const turned = graph.node('Sub', [scaled, current])
  const next = previous === undefined ? turned : graph.node('Sub', [graph.node('Add', [turned, turned]), previous])
  graph.output('next', next, 'float64', block)
  return graph.model()
}
