import { type GraphBuilder, int, type Value } from '../../onnx/index.ts'
import type { Tensors } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { checkNotNegative, checkPart } from '../checks.ts'
import { checkClasses } from './class-targets.ts'
import { batchTensor, inputOf, integers, type LossTerm, number } from './loss-term.ts'
import { checkSampleWeights, total, weightedMean, weightsInput } from './weighted-mean.ts'

export interface SoftmaxCrossEntropyOptions {
  /** The model's output of scores before softmax, `N × C`. */
  readonly logits: string
  /** The step's input of targets: class numbers (int64 or int32, `N`) or probabilities (float32, `N × C`). Default `target`. */
  readonly target?: string
  /** A factor for each class. */
  readonly classWeights?: readonly number[]
  /** The part of the target's mass that is spread evenly over all classes. Default 0. */
  readonly labelSmoothing?: number
  /** The step's input of a weight for each sample, `N`. Default: none. */
  readonly sampleWeights?: string
  readonly name?: string
  readonly weight?: number | string
}

const TARGET = 'the target of each sample'

/**
 * `−Σᵢ sᵢ Σ_c w_c q_ic log softmax(z_i)_c / Σᵢ sᵢ w_yᵢ`, with `q = (1 − ε) target + ε / C` (Szegedy 2016, section 7). With
 * probabilities as targets the divisor is `Σᵢ sᵢ`. Both divide as PyTorch's `cross_entropy` does. Throws
 * `InvalidInputError` for settings out of range, and for targets that are no classes or probabilities.
 */
export function softmaxCrossEntropy(options: SoftmaxCrossEntropyOptions): LossTerm {
  const { logits, target = 'target', labelSmoothing = 0, classWeights, sampleWeights, name = 'cross-entropy' } = options
  checkOptions(labelSmoothing, classWeights)
  return {
    name,
    ...(options.weight === undefined ? {} : { weight: options.weight }),
    build(graph, batch) {
      const targets = inputOf(graph, batch, target, TARGET)
      const given = batchTensor(batch, target, TARGET)
      const q = isHard(given) ? oneHot(graph, targets, given, logits) : targets
      const smooth = smoothed(graph, q, logits, labelSmoothing)
      const weights = classWeights === undefined ? undefined : weightRow(graph, classWeights)
      const weighted = weights === undefined ? smooth : graph.node('Mul', [smooth, weights])
      const logProbabilities = graph.node('LogSoftmax', [logits], { axis: int(1) })
      const perSample = graph.node('Neg', [sumOverClasses(graph, graph.node('Mul', [weighted, logProbabilities]))])
      if (weights === undefined || !isHard(given)) return weightedMean(graph, batch, perSample, sampleWeights)
      const own = sumOverClasses(graph, graph.node('Mul', [q, weights]))
      return perOwnWeight(graph, batch, perSample, own, sampleWeights)
    },
    check(batch, dimsOf) {
      const dims = dimsOf(logits)
      checkClasses(logits, dims, target, batchTensor(batch, target, TARGET), classWeights)
      checkSampleWeights(batch, sampleWeights, dims)
    },
  }
}

function checkOptions(labelSmoothing: number, classWeights: readonly number[] | undefined): void {
  checkPart('labelSmoothing', labelSmoothing)
  for (const [i, weight] of classWeights?.entries() ?? []) checkNotNegative(`the weight of class ${i}`, weight)
}

const isHard = ({ type }: Tensor): boolean => !type.startsWith('float')

/** `Σ sᵢ ℓᵢ / Σ sᵢ oᵢ`. */
function perOwnWeight(
  graph: GraphBuilder,
  batch: Tensors,
  perSample: Value,
  own: Value,
  sampleWeights: string | undefined,
): Value {
  if (sampleWeights === undefined) return graph.node('Div', [total(graph, perSample), total(graph, own)])
  const s = weightsInput(graph, batch, sampleWeights)
  const [above, below] = [graph.node('Mul', [s, perSample]), graph.node('Mul', [s, own])]
  return graph.node('Div', [total(graph, above), total(graph, below)])
}

const sumOverClasses = (graph: GraphBuilder, values: Value): Value =>
  graph.node('ReduceSum', [values, integers(graph, [1])], { keepdims: int(0) })

/** The number of classes, known once the shapes are. */
const classCount = (graph: GraphBuilder, logits: Value): Value =>
  graph.node('Gather', [graph.node('Shape', [logits]), integers(graph, [1])], { axis: int(0) })

function oneHot(graph: GraphBuilder, targets: Value, { type }: Tensor, logits: Value): Value {
  const values = graph.constant({ type: 'float32', dims: [2], data: Float32Array.of(0, 1) })
  const classes = type === 'int64' ? targets : graph.node('Cast', [targets], { to: int(7) })
  return graph.node('OneHot', [classes, classCount(graph, logits), values], { axis: int(1) })
}

function smoothed(graph: GraphBuilder, q: Value, logits: Value, amount: number): Value {
  if (amount === 0) return q
  const classes = graph.node('Cast', [classCount(graph, logits)], { to: int(1) })
  const even = graph.node('Div', [number(graph, amount), classes])
  return graph.node('Add', [graph.node('Mul', [q, number(graph, 1 - amount)]), even])
}

const weightRow = (graph: GraphBuilder, weights: readonly number[]): Value =>
  graph.constant({ type: 'float32', dims: [1, weights.length], data: Float32Array.from(weights) })
