import type { LossTerm } from './loss-term.ts'
import { inputOf } from './loss-term.ts'
import { meanPerSample, weightedMean } from './weighted-mean.ts'

export interface ElementwiseLossOptions {
  /** The model's output, `N × …`. */
  readonly output: string
  /** The step's input of targets, in the output's shape. Default `target`. */
  readonly target?: string
  /** The step's input of a weight for each sample, `N`. Default: none. */
  readonly sampleWeights?: string
  readonly name?: string
  readonly weight?: number | string
}

/**
 * The mean of `max(z, 0) − z t + log(1 + e^−|z|)`: binary cross-entropy of `sigmoid(z)` with `t` in [0, 1], in the form
 * that does not overflow. `output` holds `z`.
 */
export function binaryCrossEntropy(options: ElementwiseLossOptions): LossTerm {
  const { output: z, target = 'target', sampleWeights, name = 'binary-cross-entropy' } = options
  return {
    name,
    ...(options.weight === undefined ? {} : { weight: options.weight }),
    build(graph, batch) {
      const t = inputOf(graph, batch, target, 'the target of each output')
      const linear = graph.node('Sub', [graph.node('Relu', [z]), graph.node('Mul', [z, t])])
      const rest = graph.node('Softplus', [graph.node('Neg', [graph.node('Abs', [z])])])
      return weightedMean(graph, batch, meanPerSample(graph, graph.node('Add', [linear, rest])), sampleWeights)
    },
  }
}
