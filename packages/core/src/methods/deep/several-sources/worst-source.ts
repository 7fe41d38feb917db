import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { domainDiscriminator, shareOfRight } from '../adversarial/domain-discriminator.ts'
import { labelledCrossEntropy } from '../adversarial/labelled-cross-entropy.ts'
import { domainAdversarial } from '../losses/domain-adversarial.ts'
import { domainCrossEntropy } from '../losses/domain-cross-entropy.ts'
import { integers, scalar, scaled, sumOver } from '../losses/graph-values.ts'
import type { DeepStep, LabelledValues } from '../trainer/deep-step.ts'
import { DISCRIMINATOR_ACCURACY } from '../trainer/trouble.ts'

export interface WorstSourceOptions {
  /** The largest alone, or a weighted mean in which larger ones weigh more. */
  readonly maximum: 'hard' | 'soft'
  /** How much more: weights are the softmax of `sharpness · (ε_i − d_i)`. */
  readonly sharpness: number
  /** Units of a discriminator's two hidden layers. */
  readonly hidden: number
  readonly labelSmoothing: number
  /** The factor of the reversed gradient, a scalar of the graph. */
  readonly reversal: Value
}

/**
 * The losses of MDAN (Zhao 2018, equations 4 and 5): each source has a discriminator of its own against the target, and
 * features minimise the largest of `ε_i − d_i` over the sources, or its smooth form, `(1/γ) log Σ_i exp γ(ε_i − d_i)`. `ε_i` is
 * the source's classification loss, `d_i` its discriminator's, which is small for a source that lies far away. The
 * gradient is that of a weighted mean; discriminators learn whatever their source weighs.
 */
export function worstSource(step: DeepStep, sources: readonly LabelledValues[], options: WorstSourceOptions): void {
  const { graph, target, classes } = step
  const { maximum, sharpness, hidden, labelSmoothing, reversal } = options
  const discriminators = sources.map((_, i) =>
    domainDiscriminator(step, { width: step.width, hidden, name: `discriminator ${i + 1}` }),
  )
  const pairs = sources.map((source) => ({ source: source.features, target: target.features }))
  const classification = sources.map(({ logits, labels }) =>
    labelledCrossEntropy(graph, logits, labels, { classes, labelSmoothing }),
  )
  const scores = pairs.map((pair, i) => ({
    source: discriminators[i]!(pair.source),
    target: discriminators[i]!(pair.target),
  }))
  const gaps = list(
    graph,
    scores.map((score, i) => graph.node('Sub', [classification[i]!, domainCrossEntropy(graph, score)])),
  )
  const weights = stopGradient(
    graph,
    maximum === 'hard'
      ? graph.node('Hardmax', [gaps], { axis: int(0) })
      : graph.node('Softmax', [scaled(graph, gaps, sharpness)], { axis: int(0) }),
  )
  step.loss('classification', sumOver(graph, graph.node('Mul', [weights, list(graph, classification)])))
  const adversarial = pairs.map((pair, i) => {
    const weight = graph.node('Gather', [weights, place(graph, i)])
    const own = graph.node('Mul', [reversal, weight])
    return domainAdversarial(graph, pair, { discriminator: discriminators[i]!, reversal: own })
  })
  step.loss('adversarial', graph.node('Sum', adversarial))
  const zero = scalar(graph, 0)
  const shares = scores.map(({ source, target }) =>
    shareOfRight(graph, {
      source: graph.node('Greater', [source, zero]),
      target: graph.node('Less', [target, zero]),
    }),
  )
  step.measure(DISCRIMINATOR_ACCURACY, scaled(graph, graph.node('Sum', shares), 1 / shares.length))
  step.measure('weight of the worst source', graph.node('ReduceMax', [weights], { keepdims: int(0) }))
}

/** Scalars as one list. */
const list = (graph: GraphBuilder, values: readonly Value[]): Value =>
  graph.node(
    'Concat',
    values.map((value) => graph.node('Reshape', [value, integers(graph, [1])])),
    { axis: int(0) },
  )

const place = (graph: GraphBuilder, at: number): Value =>
  graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(at)) })
