import { didYouMean, InvalidInputError, type Model, type Tensor, type Tensors } from 'graft-learn'
import { readNpzArrays } from '../tables/index.ts'
import { numbersOf } from './gradient-check.ts'
import { shapeText, withType } from './tensor-forms.ts'

/** A batch with its loss and gradients, computed elsewhere. */
export interface GradientCase {
  readonly inputs: Tensors
  /** Class numbers. */
  readonly target: Tensor
  readonly loss: number
  /** By parameter. */
  readonly gradients: ReadonlyMap<string, Tensor>
}

const GRADIENT = 'grad/'

/**
 * Reads a case for a model whose parameters are initialisers: arrays `input` (or, for each input of the model, one of its
 * name), `target`, `loss` and `grad/NAME`. Throws `InvalidInputError` where one is missing, or does not fit the model.
 */
export async function readCase(file: string, model: Model): Promise<GradientCase> {
  const arrays = await readNpzArrays(file)
  const array = (name: string, what: string): Tensor => {
    const found = arrays.get(name)
    if (found !== undefined) return found
    throw new InvalidInputError(
      `it has no array ${name} (${what}), only ${[...arrays.keys()].join(', ') || 'nothing'}: add it`,
      { file },
    )
  }
  const { inputs } = model.graph
  const fed = inputs.map(({ name, type, dims }): [string, Tensor] => {
    const given = arrays.has(name) || inputs.length > 1 ? name : 'input'
    const tensor = array(given, `the model's input "${name}"`)
    const fits = dims?.length === tensor.dims.length && dims.every((dim, i) => fitsDimension(dim, tensor.dims[i]!))
    if (dims !== undefined && !fits) {
      throw new InvalidInputError(
        `array ${given}: the shape is ${shapeText(tensor.dims)}, the model's input "${name}" is ${shapeText(dims)}: give a batch of that shape`,
        { file },
      )
    }
    return [name, withType(tensor, type, (fault) => new InvalidInputError(`array ${given}: ${fault}`, { file }))]
  })
  const target = array('target', 'the class number of each sample')
  const [loss, ...others] = numbersOf(array('loss', 'the mean softmax cross-entropy'))
  if (loss === undefined || others.length > 0 || !Number.isFinite(loss)) {
    throw new InvalidInputError('array loss: one finite number is expected', { file })
  }
  return {
    inputs: Object.fromEntries(fed),
    target: withType(target, 'int64', (fault) => new InvalidInputError(`array target: ${fault}`, { file })),
    loss,
    gradients: gradientsIn(arrays, model, file),
  }
}

const fitsDimension = (declared: number | string | null, given: number): boolean =>
  typeof declared === 'number' ? declared === given : true

function gradientsIn(arrays: ReadonlyMap<string, Tensor>, { graph }: Model, file: string): ReadonlyMap<string, Tensor> {
  const gradients = new Map<string, Tensor>()
  for (const [key, gradient] of arrays) {
    if (!key.startsWith(GRADIENT)) continue
    const name = key.slice(GRADIENT.length)
    const parameter = graph.initializers.get(name)
    if (parameter === undefined) {
      const hint = didYouMean(name, [...graph.initializers.keys()])
      throw new InvalidInputError(
        `array ${key}: the model has no parameter "${name}"${hint || ': name the arrays as the model names its initialisers'}`,
        { file },
      )
    }
    if (parameter.type !== 'float32' && parameter.type !== 'float64') {
      throw new InvalidInputError(
        `array ${key}: the model's "${name}" is ${parameter.type}, and only float32 and float64 have gradients: leave the array out`,
        { file },
      )
    }
    if (shapeText(parameter.dims) !== shapeText(gradient.dims)) {
      throw new InvalidInputError(
        `array ${key}: the shape is ${shapeText(gradient.dims)}, the parameter is ${shapeText(parameter.dims)}: write the gradient in the parameter's own shape`,
        { file },
      )
    }
    if (!numbersOf(gradient).every(Number.isFinite)) {
      throw new InvalidInputError(`array ${key}: it holds NaN or an infinity, expected finite numbers`, { file })
    }
    gradients.set(name, gradient)
  }
  if (gradients.size > 0) return gradients
  throw new InvalidInputError(
    `it has no array ${GRADIENT}NAME, only ${[...arrays.keys()].join(', ') || 'nothing'}: add the gradient of each parameter NAME`,
    { file },
  )
}
