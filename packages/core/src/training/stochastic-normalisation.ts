import { exposeParameters } from '../autodiff/index.ts'
import type { Model, Node, ValueInfo } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'

/** A normalisation whose channels are each normalised by one of two statistics, and the input that says by which. */
export interface NormalisationChoice {
  /** The step's input: for each channel 1 for the batch's statistics, 0 for the running ones. */
  readonly input: string
  /** The running mean, in whose type and shape the choice is given. */
  readonly mean: Tensor
}

const choiceName = (node: Node): string => `batch statistics/${node.outputs[0]}`

/** The choices that a step with `batchNormalisation` `'stochastic'` may ask for: one for each `BatchNormalization`. */
export function normalisationChoices(model: Model): NormalisationChoice[] {
  const { nodes, initializers } = exposeParameters(model).graph
  return nodes.flatMap((node) => {
    const mean = node.op === 'BatchNormalization' && node.domain === '' && initializers.get(node.inputs[3]!)
    return mean ? [{ input: choiceName(node), mean }] : []
  })
}

/** The input of a normalisation's choice, to be declared by the graph. */
export const choiceInput = (node: Node, { type, dims }: Tensor): ValueInfo => ({ name: choiceName(node), type, dims })

/**
 * The sum of a normalisation by the batch's statistics and one by the running ones, as they were before the step, with
 * scale and bias `γs`, `βs` in the first and `γ(1 − s)`, `β(1 − s)` in the second, `s` being 1 or 0 for each channel.
 * `batch` is the node in training mode, `fixed` as it was. The former reads copies of the running statistics (the maximum
 * of one tensor): ONNX Runtime's kernel may write what they become over what it reads.
 */
export function bothBranches(fixed: Node, batch: Node): Node[] {
  const output = fixed.outputs[0]!
  const choice = choiceName(fixed)
  const own = (part: string) => `${choice}/${part}`
  const plain = (op: string, inputs: string[], result: string): Node => ({
    op,
    domain: '',
    name: result,
    inputs,
    outputs: [result],
    attributes: {},
  })
  const [x, scale, bias, mean, variance] = fixed.inputs as [string, string, string, string, string]
  const branch = (node: Node, name: string, running: readonly string[]): Node => ({
    ...node,
    name: own(name),
    inputs: [x, own(`${name} scale`), own(`${name} bias`), ...running],
    outputs: [own(name), ...node.outputs.slice(1)],
  })
  return [
    plain('Mul', [scale, choice], own('batch scale')),
    plain('Mul', [bias, choice], own('batch bias')),
    plain('Sub', [scale, own('batch scale')], own('fixed scale')),
    plain('Sub', [bias, own('batch bias')], own('fixed bias')),
    plain('Max', [mean], own('mean')),
    plain('Max', [variance], own('variance')),
    branch(batch, 'batch', [own('mean'), own('variance')]),
    branch(byRunning(fixed), 'fixed', [mean, variance]),
    plain('Add', [own('batch'), own('fixed')], output),
  ]
}

/** The node as it predicts, whatever mode it was exported in. */
function byRunning({ attributes: { training_mode: _, ...attributes }, outputs, ...node }: Node): Node {
  return { ...node, outputs: outputs.slice(0, 1), attributes }
}
