import type { ElementwiseLossOptions } from './binary-cross-entropy.ts'
import { inputOf, type LossTerm } from './loss-term.ts'
import { meanPerSample, weightedMean } from './weighted-mean.ts'

/** The mean of `(y − t)²`. */
export function meanSquaredError(options: ElementwiseLossOptions): LossTerm {
  const { output, target = 'target', sampleWeights, name = 'mean-squared-error' } = options
  return {
    name,
    ...(options.weight === undefined ? {} : { weight: options.weight }),
    build(graph, batch) {
      const error = graph.node('Sub', [output, inputOf(graph, batch, target, 'the target of each output')])
      return weightedMean(graph, batch, meanPerSample(graph, graph.node('Mul', [error, error])), sampleWeights)
    },
  }
}
