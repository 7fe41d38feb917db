import {
  builderOn,
  InvalidInputError,
  int,
  type LossTerm,
  type Model,
  type Random,
  type Runtime,
  softmaxCrossEntropy,
  type Tensor,
  type Tensors,
  upgradeModel,
  withLoss,
} from 'graft-learn'
import type { LossProblem } from './gradient-check.ts'
import { shapeText } from './tensor-forms.ts'

const FLOAT32 = 1

/** The model with its first output alone; throws `InvalidInputError` where it has none. */
export function withFirstOutput(model: Model): Model {
  const first = model.graph.outputs[0]
  if (first === undefined) throw new InvalidInputError('the model has no output: there is nothing to differentiate')
  return { ...model, graph: { ...model.graph, outputs: [first] } }
}

/** What a model with one output gives. Throws `InvalidInputError` where that is no float. */
export async function firstOutput(runtime: Runtime, model: Model, inputs: Tensors): Promise<Tensor> {
  const { name } = model.graph.outputs[0]!
  const output = (await runtime.run(model, inputs))[name]!
  if (output.type.startsWith('float')) return output
  throw new InvalidInputError(`the model's first output "${name}" is ${output.type}: only floats have gradients`)
}

/** A name for an input that nothing in the model has. */
function freeName(model: Model, wanted: string): string {
  const graph = builderOn(model)
  let name = wanted
  for (let i = 1; graph.has(name); i++) name = `${wanted}_${i}`
  return name
}

/** The model with its first output in float32 under a name that is given back: what losses compute with. */
function inSingle(model: Model, output: Tensor): { readonly model: Model; readonly name: string } {
  const { name } = model.graph.outputs[0]!
  const upgraded = upgradeModel(model)
  if (output.type === 'float32') return { model: upgraded, name }
  const graph = builderOn(upgraded)
  const cast = graph.node('Cast', [name], { to: int(FLOAT32) })
  return { model: graph.model(), name: cast }
}

/**
 * A model with one output, `N × C` or `N × C × …`, that ends in its mean softmax cross-entropy with `target`: class
 * numbers, `N` or `N × …`. Throws `InvalidInputError` where the two do not fit.
 */
export function crossEntropyProblem(model: Model, inputs: Tensors, output: Tensor, target: Tensor): LossProblem {
  const { dims } = output
  const classes = dims[1]
  if (classes === undefined) {
    throw new InvalidInputError(
      `the model's first output is ${shapeText(dims)}: softmax cross-entropy needs rows × classes`,
    )
  }
  const expected = [dims[0]!, ...dims.slice(2)]
  if (shapeText(target.dims) !== shapeText(expected)) {
    throw new InvalidInputError(
      `array target: the shape is ${shapeText(target.dims)}, expected ${shapeText(expected)}: a class number for each row of the model's first output, ${shapeText(dims)}`,
    )
  }
  const wrong = Array.from(target.data as BigInt64Array, Number).find((value) => value < 0 || value >= classes)
  if (wrong !== undefined) {
    throw new InvalidInputError(`array target: it holds ${wrong}, expected class numbers from 0 to ${classes - 1}`)
  }
  const single = inSingle(model, output)
  const name = freeName(single.model, 'target')
  const batch = { ...inputs, [name]: target }
  return {
    model: withLoss(single.model, [softmaxCrossEntropy({ logits: single.name, target: name })], batch),
    inputs: batch,
  }
}

/**
 * A model with one output that ends in a loss of it: the mean softmax cross-entropy with random classes where the output
 * is rows of two or more scores (of the logarithms where it is rows of probabilities, whose own differences would be too
 * small to tell from rounding), else the mean of its squares.
 */
export function randomProblem(model: Model, inputs: Tensors, output: Tensor, random: Random): LossProblem {
  const [rows = 0, classes = 0] = output.dims
  if (output.dims.length === 2 && classes > 1) {
    const numbers = Array.from({ length: rows }, () => BigInt(random.integer(classes)))
    const target: Tensor = { type: 'int64', dims: [rows], data: BigInt64Array.from(numbers) }
    return crossEntropyProblem(areProbabilities(output) ? withLogarithm(model) : model, inputs, output, target)
  }
  const single = inSingle(model, output)
  return { model: withLoss(single.model, [meanSquare(single.name)], inputs), inputs }
}

/** Whether rows (`N × C`) are positive and sum to 1. */
function areProbabilities({ dims, data }: Tensor): boolean {
  const [rows = 0, classes = 0] = dims
  const values = data as Float32Array
  const sums = Array.from({ length: rows }, (_, i) =>
    values.subarray(i * classes, (i + 1) * classes).reduce((sum, value) => sum + value, 0),
  )
  return values.every((value) => value > 1e-30) && sums.every((sum) => Math.abs(sum - 1) < 1e-3)
}

/** A model with one output, with the logarithm of that as its output. */
function withLogarithm(model: Model): Model {
  const graph = builderOn(model)
  const { name: _, ...form } = model.graph.outputs[0]!
  const built = graph.node('Log', [model.graph.outputs[0]!.name])
  const { graph: whole } = graph.model()
  return { ...model, graph: { ...whole, outputs: [{ ...form, name: built }] } }
}

/** The mean of a value's squares. */
const meanSquare = (output: string): LossTerm => ({
  name: 'mean-square',
  build: (graph) => graph.node('ReduceMean', [graph.node('Mul', [output, output])], { keepdims: int(0) }),
})
