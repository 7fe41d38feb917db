import type { GraphBuilder, Value } from '../../onnx/index.ts'
import { checkDims, inputOf, type LossTerm } from './loss-term.ts'
import { checkSampleWeights, meanPerSample, weightedMean } from './weighted-mean.ts'

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

const TARGET = 'the target of each output'

/** A loss that compares an output with a target of its shape, number by number: the mean over samples of each one's mean. */
export function elementwiseLoss(
  { output, target = 'target', sampleWeights, weight, ...options }: ElementwiseLossOptions,
  defaultName: string,
  compare: (graph: GraphBuilder, output: Value, target: Value) => Value,
): LossTerm {
  return {
    name: options.name ?? defaultName,
    ...(weight === undefined ? {} : { weight }),
    build(graph, batch) {
      const values = compare(graph, output, inputOf(graph, batch, target, TARGET))
      return weightedMean(graph, batch, meanPerSample(graph, values), sampleWeights)
    },
    check(batch, dimsOf) {
      const dims = dimsOf(output)
      checkDims(batch, target, TARGET, dims)
      checkSampleWeights(batch, sampleWeights, dims)
    },
  }
}
