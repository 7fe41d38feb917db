import { buildWithConstants, graphBuilder, int, type Model, type Stage } from '../onnx/index.ts'
import { version } from '../version.ts'

/** A fitted pipeline: from raw target rows to class probabilities. */
export interface Pipeline {
  readonly preparation: Stage
  readonly embed: Stage
  readonly classifier: Stage
  /** Columns of the raw rows. */
  readonly features: number
  readonly classes: readonly string[]
  /** Strings under `graft.…` in the file's metadata. */
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * The pipeline as one ONNX model: input `features` (`N × d` float32); outputs `label` (`N` class names),
 * `probabilities` (`N × classes` float32) and `embedding` (`N × k` float32). Inside it computes in float64, as the
 * methods do, so that its predictions are theirs.
 */
export function pipelineModel(pipeline: Pipeline): Model {
  const graph = graphBuilder('pipeline')
  const features = graph.input('features', 'float32', ['N', pipeline.features])
  const wide = graph.node('Cast', [features], { to: int(11) })
  const prepared = buildWithConstants(pipeline.preparation, graph, wide, 'preparation')
  const embedding = buildWithConstants(pipeline.embed, graph, prepared, 'embed')
  const probabilities = buildWithConstants(pipeline.classifier, graph, embedding, 'classifier')
  const names = graph.constant(
    { type: 'string', dims: [pipeline.classes.length], data: [...pipeline.classes] },
    'classes',
  )
  const index = graph.node('ArgMax', [probabilities], { axis: int(1), keepdims: int(0) })
  graph.output('label', graph.node('Gather', [names, index]), 'string', ['N'])
  const narrow = (value: string) => graph.node('Cast', [value], { to: int(1) })
  graph.output('probabilities', narrow(probabilities), 'float32', ['N', pipeline.classes.length])
  graph.output('embedding', narrow(embedding), 'float32', ['N', 'k'])
  const metadata = Object.entries({ version, classes: JSON.stringify(pipeline.classes), ...pipeline.metadata })
  return graph.model(Object.fromEntries(metadata.map(([key, value]) => [`graft.${key}`, value])))
}
