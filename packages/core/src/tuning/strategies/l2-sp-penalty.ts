import type { GraphBuilder, Value } from '../../onnx/index.ts'
import type { Tensors } from '../../runtime/index.ts'
import { scalarOf } from '../../tensor/index.ts'
import type { LossTerm } from '../../training/index.ts'

export interface PenaltyOptions {
  readonly name: string
  readonly weight: number
  /** Names of parameters of the network. */
  readonly parameters: readonly string[]
  /** Where each is pulled to; default: zero. */
  readonly towards?: Tensors
  /** A factor for each number of each parameter, in its shape; default 1. */
  readonly importance?: Tensors
}

/**
 * `½ Σᵢ Fᵢ (wᵢ − w⁰ᵢ)²` over all numbers of some parameters, before the weight. It is a loss and no decay of the
 * optimiser: its gradient goes through momentum and scaling as that of any other loss.
 */
export const squaredPenalty = ({ name, weight, parameters, towards, importance }: PenaltyOptions): LossTerm => ({
  name,
  weight,
  build(graph) {
    const parts = parameters.map((parameter) => {
      const goal = towards === undefined ? undefined : graph.constant(towards[parameter]!)
      const away = goal === undefined ? parameter : graph.node('Sub', [parameter, goal])
      const scaled = importance === undefined ? away : graph.node('Mul', [away, graph.constant(importance[parameter]!)])
      return graph.node('ReduceSum', [graph.node('Mul', [scaled, away])], NO_AXES)
    })
    return graph.node('Mul', [sumOf(graph, parts), graph.constant(scalarOf(0.5, 'float32'))])
  },
})

const NO_AXES = { keepdims: { type: 'int', value: 0 } } as const

/** The sum of scalars, which may be none. */
export function sumOf(graph: GraphBuilder, scalars: readonly Value[]): Value {
  if (scalars.length === 0) return graph.constant(scalarOf(0, 'float32'))
  return scalars.length === 1 ? scalars[0]! : graph.node('Sum', scalars)
}
