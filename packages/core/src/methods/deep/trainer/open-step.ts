import { stopGradient } from '../../../autodiff/index.ts'
import { builderOn, type GraphBuilder, int, type Model } from '../../../onnx/index.ts'
import type { Tensors } from '../../../runtime/index.ts'
import type { Random } from '../../../tensor/index.ts'
import { type LossTerm, type Schedule, softmaxCrossEntropy } from '../../../training/index.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import { type BatchLayout, length } from './batch-layout.ts'
import type { DeepStage } from './deep-stage.ts'
import type { DeepStep, LabelledValues } from './deep-step.ts'
import { LABELS, TARGET_LABELS } from './domain-batches.ts'
import { domainValues, logitsOf } from './domain-values.ts'

/** A stage's network with its losses, ready to be trained. */
export interface OpenStep {
  readonly model: Model
  readonly terms: readonly LossTerm[]
  /** The factors of losses that change, and scalars that methods asked for. */
  readonly scalars: Readonly<Record<string, Schedule>>
  /** Which group each parameter belongs to. */
  readonly groups: ReadonlyMap<string, string>
  /** Factors of the losses, by name; those measured only have 0. */
  readonly weights: ReadonlyMap<string, number | Schedule>
}

export interface OpenStepOptions {
  readonly layout: BatchLayout
  readonly classes: number
  readonly random: Random
  readonly labelSmoothing: number
  /** Weights of extra networks of earlier stages, by name. */
  readonly known: Tensors
}

/** Builds a stage's step on its network: slices of the batch by domain, extra networks, losses. */
export function openStep(network: DeepNetwork, stage: DeepStage, options: OpenStepOptions): OpenStep {
  const { layout, classes, random, known } = options
  const rewritten = stage.rewrite?.(network.model, layout) ?? network.model
  const graph = builderOn({ ...rewritten, graph: { ...rewritten.graph, outputs: [] } })
  const groups = new Map<string, string>(network.parameters)
  for (const [name, { type, dims }] of rewritten.graph.initializers) {
    const other = type === 'float32' && dims.length > 0 ? stage.group?.(name) : undefined
    if (other !== undefined) groups.set(name, other)
  }
  const terms: LossTerm[] = []
  const scalars: Record<string, Schedule> = {}
  const weights = new Map<string, number | Schedule>()
  const values = (range: { from: number; to: number }) =>
    domainValues(graph, network, logitsOf(network), range, layout.rows)
  const labelsOf = (name: string, range: { from: number; to: number }, within: number, from: number): string => {
    const all = graph.has(name) ? name : graph.input(name, 'int64', [within])
    if (length(range) === within) return all
    return graph.node('Slice', [all, ...[from, from + length(range), 0].map((at) => integerList(graph, at))])
  }
  const labelled = (range: { from: number; to: number }): LabelledValues =>
    Object.defineProperty(values(range), 'labels', {
      get: () => labelsOf(LABELS, range, length(layout.source), range.from),
    }) as LabelledValues
  const add = (name: string, value: string, weight: number | Schedule) => {
    terms.push({ name, build: () => value })
    weights.set(name, weight)
  }
  const step: DeepStep = {
    graph,
    random,
    classes,
    layers: network.layers,
    width: network.layers.at(-1)!.width,
    source: labelled(layout.source),
    sources: layout.sources.map(labelled),
    target: values(layout.target),
    views: layout.views.map(values),
    ...(length(layout.labelled) > 0 && {
      labelled: Object.defineProperty(values(layout.labelled), 'labels', {
        get: () => labelsOf(TARGET_LABELS, layout.labelled, length(layout.labelled), 0),
      }) as LabelledValues,
    }),
    classify(features, { fixed = false } = {}) {
      const parts = [network.head.weight, network.head.bias]
      const used = fixed ? parts.map((part) => stopGradient(graph, part)) : parts
      return graph.node('Gemm', [features, ...used], { transB: int(1) })
    },
    extra(name, build) {
      const before = new Set(graph.model().graph.initializers.keys())
      const made = build(graph)
      for (const [id, { type, dims }] of graph.model().graph.initializers) {
        if (!before.has(id) && type === 'float32' && dims.length > 0) groups.set(id, name)
      }
      return made
    },
    scalar(name, schedule) {
      scalars[name] = schedule
      return graph.input(name, 'float32', [])
    },
    input: (name, type, dims) => graph.input(name, type, dims),
    loss: (name, value, weight = 1) => add(name, value, weight),
    measure: (name, value) => add(name, value, 0),
  }
  if (stage.supervised ?? true) {
    const { labelSmoothing } = options
    const crossEntropy = (name: string, logits: string, target: string) => {
      terms.push(softmaxCrossEntropy({ logits, target, labelSmoothing, name }))
      weights.set(name, 1)
    }
    if (step.source.rows > 0) crossEntropy('classification', step.source.logits, LABELS)
    if (step.labelled !== undefined) crossEntropy('target classification', step.labelled.logits, TARGET_LABELS)
  }
  stage.build?.(step)
  return { model: withKnown(graph.model(), known), terms, scalars, groups, weights }
}

const integerList = (graph: GraphBuilder, value: number) =>
  graph.constant({ type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(value)) })

/** The model with stored tensors replaced by those of the same name. */
export function withKnown(model: Model, known: Tensors): Model {
  const initializers = new Map(
    [...model.graph.initializers].map(([name, tensor]) => [name, known[name] ?? tensor] as const),
  )
  return { ...model, graph: { ...model.graph, initializers } }
}
