import { InvalidInputError, type Model } from 'graft-learn'

/** The input of a network that takes images, as far as its file tells; what is left open is null. */
export interface ImageInput {
  readonly name: string
  readonly layout: 'nchw' | 'nhwc'
  readonly depth: 1 | 3 | null
  readonly width: number | null
  readonly height: number | null
}

/**
 * The one input of a model that takes images: float32 of rank 4 with 1 or 3 channels, `N × C × H × W` or `N × H × W × C`.
 * Throws `InvalidInputError` that says what the model takes instead.
 */
export function imageInputOf(model: Model, file?: string): ImageInput {
  const where = file === undefined ? {} : { file }
  const inputs = model.graph.inputs.filter(({ name }) => !model.graph.initializers.has(name))
  const input = inputs[0]
  if (inputs.length !== 1 || input === undefined) {
    const names = inputs.map(({ name }) => `"${name}"`).join(', ')
    throw new InvalidInputError(
      `the model has ${inputs.length} inputs (${names || 'none'}), expected one that takes images: choose another model`,
      where,
    )
  }
  const shown = `${input.type ?? 'no tensor'} [${input.dims?.map((dim) => dim ?? '?').join(', ') ?? '?'}]`
  const refuse = (advice: string) => new InvalidInputError(`input "${input.name}" is ${shown}: ${advice}`, where)
  if (input.type !== 'float32')
    throw refuse('images are given as float32; cast inside the graph, or choose another model')
  const dims = input.dims
  if (dims !== undefined && dims.length !== 4) {
    throw refuse('expected an image, N x channels x height x width or N x height x width x channels')
  }
  const [, a, b, c] = (dims ?? [null, null, null, null]).map((dim) =>
    typeof dim === 'number' && dim > 0 ? dim : null,
  ) as [number | null, number | null, number | null, number | null]
  const isDepth = (dim: number | null): dim is 1 | 3 => dim === 1 || dim === 3
  if (isDepth(a)) return { name: input.name, layout: 'nchw', depth: a, height: b, width: c }
  if (isDepth(c)) return { name: input.name, layout: 'nhwc', depth: c, height: a, width: b }
  if (a !== null && c !== null) throw refuse('expected an image with 1 or 3 channels')
  if (a !== null) return { name: input.name, layout: 'nhwc', depth: null, height: a, width: b }
  return { name: input.name, layout: 'nchw', depth: null, height: b, width: c }
}
