import type { Model, Network } from 'graft-learn'

/** The output of a network that tells the classes it was trained on. */
export interface SourceOutput {
  readonly name: string
  /** Whether it holds probabilities; logits otherwise. */
  readonly probabilities: boolean
}

const CLASSES = /logit|prob|softmax|class|score|pred/i
const EMBEDDINGS = /feature|embed|hidden|pool|head_input/i
const KEEPING = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Cast', 'Dropout'])

/**
 * The classifier's output, where the network has one: a vector of two numbers or more per row that is not the features, by
 * its name first; else the one that a Softmax gives; else the only one that follows the features. Or, in words, why there is
 * none.
 */
export function sourceOutput({ model, outputs, features, head }: Network): SourceOutput | string {
  const vectors = outputs.filter(
    ({ name, type, dims }) =>
      name !== features && type === 'float32' && dims.filter((size) => size > 1).length === 1 && !EMBEDDINGS.test(name),
  )
  if (vectors.length === 0 || head.length === 0) return 'it ends with its features: there is no source classifier'
  const last = (name: string) => lastOperator(model, name)
  const found =
    vectors.find(({ name }) => CLASSES.test(name)) ??
    vectors.find(({ name }) => last(name) === 'Softmax') ??
    (vectors.length === 1 ? vectors[0] : undefined)
  if (found === undefined) {
    return `none of its outputs (${vectors.map(({ name }) => name).join(', ')}) is known as a classifier's`
  }
  if (last(found.name) === 'Sigmoid') {
    return `its output "${found.name}" ends in a sigmoid: its classes do not exclude one another`
  }
  return { name: found.name, probabilities: last(found.name) === 'Softmax' }
}

/** The operator that made a value, not counting those that only give it another shape or type. */
function lastOperator({ graph }: Model, value: string): string | undefined {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])))
  let node = producers.get(value)
  while (node !== undefined && KEEPING.has(node.op)) node = producers.get(node.inputs[0] ?? '')
  return node?.op
}
