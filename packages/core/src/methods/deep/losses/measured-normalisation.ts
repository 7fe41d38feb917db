import { cutTo } from '../../../autodiff/index.ts'
import { builderOn, type GraphBuilder, type Model, type Node, type Value } from '../../../onnx/index.ts'
import { integers, meanOver } from './graph-values.ts'
import type { NormalisationLayer } from './normalisation-layers.ts'

/** What the statistics of one normalisation are called as inputs, and as outputs. */
export interface LayerNames {
  readonly before: { readonly mean: string; readonly variance: string }
  /** `C`, `C`, and the shape `[N, C, L]` of what was measured. */
  readonly after: { readonly mean: string; readonly variance: string; readonly shape: string }
}

/** A model that measures what its normalisations are given. */
export interface MeasuringModel {
  readonly model: Model
  /** By layer. */
  readonly names: readonly LayerNames[]
}

/** The model with all statistics as inputs, and as outputs those of what each normalisation is given. */
export function withMeasurements(model: Model, layers: readonly NormalisationLayer[]): MeasuringModel {
  const names = layers.map((_, i) => ({
    before: { mean: `normalisation/${i}/mean`, variance: `normalisation/${i}/variance` },
    after: { mean: `measured/${i}/mean`, variance: `measured/${i}/variance`, shape: `measured/${i}/shape` },
  }))
  const places = new Map(layers.map(({ node }, i) => [node, i]))
  const nodes = model.graph.nodes.map((node): Node => {
    const i = places.get(node)
    if (i === undefined) return node
    const { mean, variance } = names[i]!.before
    return { ...node, inputs: [...node.inputs.slice(0, 3), mean, variance] }
  })
  const inputs = layers.flatMap(({ mean, variance }, i) => [
    { name: names[i]!.before.mean, type: mean.type, dims: mean.dims },
    { name: names[i]!.before.variance, type: variance.type, dims: variance.dims },
  ])
  const graph = builderOn({ ...model, graph: { ...model.graph, nodes, inputs: [...model.graph.inputs, ...inputs] } })
  layers.forEach(({ node, mean: { type } }, i) => {
    const { rows, mean, variance } = channelMoments(graph, node.inputs[0]!)
    graph.output(names[i]!.after.mean, mean, type, [null])
    graph.output(names[i]!.after.variance, variance, type, [null])
    graph.output(names[i]!.after.shape, graph.node('Shape', [rows]), 'int64', [3])
  })
  const outputs = new Set(names.flatMap(({ after }) => [after.mean, after.variance, after.shape]))
  const whole = graph.model()
  return {
    model: cutTo(
      whole,
      whole.graph.outputs.filter(({ name }) => outputs.has(name)),
    ),
    names,
  }
}

/** `x` as `N × C × L`, and each channel's mean and population variance, `C`. */
function channelMoments(graph: GraphBuilder, x: Value): { rows: Value; mean: Value; variance: Value } {
  const rows = graph.node('Reshape', [x, integers(graph, [0, 0, -1])])
  const mean = meanOver(graph, rows, [0, 2], true)
  const centred = graph.node('Sub', [rows, mean])
  return {
    rows,
    mean: graph.node('Reshape', [mean, integers(graph, [-1])]),
    variance: meanOver(graph, graph.node('Mul', [centred, centred]), [0, 2]),
  }
}
