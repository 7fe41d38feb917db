import {
  atOpset,
  buildWithConstants,
  graphBuilder,
  int,
  type Model,
  neededOpset,
  type Stage,
  type Value,
} from '../onnx/index.ts'
import { integerTensor } from '../tensor/index.ts'
import { version } from '../version.ts'

/** A fitted pipeline: from raw target rows to class probabilities, or to predicted numbers. */
export interface Pipeline {
  readonly preparation: Stage
  readonly embed: Stage
  readonly classifier: Stage
  /** Columns of the raw rows. */
  readonly features: number
  /** Names of the classifier's columns; none in regression. */
  readonly classes: readonly string[]
  /** Strings under `graft.…` in the file's metadata. */
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * The pipeline as one ONNX model: input `features` (`N × d` float32); outputs `label` (`N` class names),
 * `probabilities` (`N × classes` float32) and `embedding` (`N × k` float32); in regression `value` (`N` float32) and
 * `embedding`. Inside it computes in float64, as the methods do, so that its predictions are theirs.
 */
export function pipelineModel(pipeline: Pipeline): Model {
  const graph = graphBuilder('pipeline')
  const features = graph.input('features', 'float32', ['N', pipeline.features])
  const wide = graph.node('Cast', [features], { to: int(11) })
  const prepared = buildWithConstants(pipeline.preparation, graph, wide, 'preparation')
  const embedding = buildWithConstants(pipeline.embed, graph, prepared, 'embed')
  const result = buildWithConstants(pipeline.classifier, graph, embedding, 'classifier')
  const narrow = (value: Value) => graph.node('Cast', [value], { to: int(1) })
  if (pipeline.classes.length === 0) {
    const flat = graph.node('Squeeze', [result, graph.constant(integerTensor([1]))])
    graph.output('value', narrow(flat), 'float32', ['N'])
  } else {
    const { length } = pipeline.classes
    const names = graph.constant({ type: 'string', dims: [length], data: [...pipeline.classes] }, 'classes')
    const index = graph.node('ArgMax', [result], { axis: int(1), keepdims: int(0) })
    graph.output('label', graph.node('Gather', [names, index]), 'string', ['N'])
    graph.output('probabilities', narrow(result), 'float32', ['N', length])
  }
  graph.output('embedding', narrow(embedding), 'float32', ['N', 'k'])
  const metadata = Object.entries({ version, classes: JSON.stringify(pipeline.classes), ...pipeline.metadata })
  const model = graph.model(Object.fromEntries(metadata.map(([key, value]) => [`graft.${key}`, value])))
  return atOpset(model, neededOpset([pipeline.preparation, pipeline.embed, pipeline.classifier]))
}
