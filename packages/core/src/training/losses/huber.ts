import { InvalidInputError } from '../../errors.ts'
import type { ElementwiseLossOptions } from './binary-cross-entropy.ts'
import { inputOf, type LossTerm, number } from './loss-term.ts'
import { meanPerSample, weightedMean } from './weighted-mean.ts'

/**
 * The mean of `e²/2` where `|e| ≤ δ` and `δ (|e| − δ/2)` beyond (Huber 1964), `e = y − t`; computed as `c (|e| − c/2)` with
 * `c = min(|e|, δ)`. Default `δ` 1.
 */
export function huber({ delta = 1, ...options }: ElementwiseLossOptions & { readonly delta?: number }): LossTerm {
  const { output, target = 'target', sampleWeights, name = 'huber' } = options
  if (!(delta > 0)) throw new InvalidInputError(`Huber's delta is ${delta}: a number above 0 is expected`)
  return {
    name,
    ...(options.weight === undefined ? {} : { weight: options.weight }),
    build(graph, batch) {
      const error = graph.node('Sub', [output, inputOf(graph, batch, target, 'the target of each output')])
      const size = graph.node('Abs', [error])
      const core = graph.node('Min', [size, number(graph, delta)])
      const rest = graph.node('Sub', [size, graph.node('Mul', [core, number(graph, 0.5)])])
      return weightedMean(graph, batch, meanPerSample(graph, graph.node('Mul', [core, rest])), sampleWeights)
    },
  }
}
