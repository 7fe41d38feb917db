import { cutTo } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { builderOn, int, type Model } from '../onnx/index.ts'
import { version } from '../version.ts'
import { freeNames } from './free-names.ts'
import { EMBEDDING, LOGITS } from './with-head.ts'

const RESULTS = ['label', 'probabilities']

export interface ClassifierFileOptions {
  /** Class names, in the order of the logits. */
  readonly classes: readonly string[]
  /** Strings under `graft.…` in the file's metadata, beside `graft.version` and `graft.classes`. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * A network with a head (`withHead`) as one plain ONNX model to predict with: its own input; outputs `label` (`N` class
 * names), `probabilities` (`N × classes`, float32, the softmax of the logits) and `embedding` (`N × d`). Its metadata are
 * those of a saved pipeline. Throws `InvalidInputError` where the model has no outputs `logits` and `embedding`, or gives
 * another number of classes.
 */
export function classifierFile(model: Model, { classes, metadata = {} }: ClassifierFileOptions): Model {
  const [logits, embedding] = [LOGITS, EMBEDDING].map((name) => model.graph.outputs.find((each) => each.name === name))
  if (logits === undefined || embedding === undefined) {
    const names = model.graph.outputs.map(({ name }) => `"${name}"`).join(', ')
    throw new InvalidInputError(`a classifier has the outputs "${LOGITS}" and "${EMBEDDING}", got ${names}`)
  }
  const given = logits.dims?.[1]
  if (typeof given === 'number' && given !== classes.length) {
    throw new InvalidInputError(`the network tells ${given} classes apart, got names of ${classes.length}`)
  }
  const own = freeNames(cutTo({ ...model, graph: { ...model.graph, values: [] } }, [logits, embedding]), RESULTS)
  const graph = builderOn({ ...own, graph: { ...own.graph, outputs: [embedding] } })
  const names = graph.constant({ type: 'string', dims: [classes.length], data: [...classes] }, 'classes')
  const index = graph.node('ArgMax', [LOGITS], { axis: int(1), keepdims: int(0) })
  graph.output('label', graph.node('Gather', [names, index]), 'string', ['N'])
  const probabilities = graph.node('Softmax', [LOGITS], { axis: int(1) })
  graph.output('probabilities', probabilities, 'float32', ['N', classes.length])
  const said = Object.entries({ version, classes: JSON.stringify(classes), ...metadata })
  const file = graph.model(Object.fromEntries(said.map(([key, value]) => [`graft.${key}`, value])))
  const outputs = ['label', 'probabilities', EMBEDDING].map(
    (name) => file.graph.outputs.find((each) => each.name === name)!,
  )
  return { ...file, producer: { name: 'graft', version }, graph: { ...file.graph, outputs } }
}
