import { cutTo, exposeParameters } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { type Network, withHead } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { OldHead } from './strategy.ts'
import { trainedPart } from './trained-part.ts'

/** A pretrained network with a new head beside the old one. */
export interface TunedNetwork {
  /** Outputs `logits`, `embedding` and, where there is an old head, its own; everything it could learn is an initialiser. */
  readonly model: Model
  /** What the head reads, `N × d`: the value that is the output `embedding`. */
  readonly embedding: string
  /** The names of the new head's weight (`classes × d`) and bias. */
  readonly head: readonly [weight: string, bias: string]
  readonly oldHead?: OldHead
}

/**
 * Puts a head of zeros on a network. Of its outputs that are a vector of two or more for each row and follow from the
 * features, `wanted` is kept as the old head, by default the first; what a softmax gives counts as probabilities.
 * Throws `InvalidInputError` where `wanted` is no such output.
 */
export async function tunedNetwork(
  runtime: Runtime,
  described: Network,
  classes: number,
  wanted?: string,
): Promise<TunedNetwork> {
  const features = sourceOf(described.model, described.features)
  const old = oldOutput(described, features, wanted)
  const keep = old === undefined ? [] : [old]
  const { model, head, kept } = await withHead(
    runtime,
    described.model,
    features,
    described.input.dims,
    classes,
    undefined,
    keep,
  )
  const [weight, bias] = head as [string, string]
  const [output] = kept
  const size = described.outputs.find(({ name }) => name === old)?.dims[0]
  return {
    model: exposeParameters(model),
    embedding: model.graph.nodes.find(({ inputs }) => inputs.includes(weight))!.inputs[0]!,
    head: [weight, bias],
    ...(output !== undefined &&
      size !== undefined && { oldHead: { output, kind: kindOf(model, output), classes: size } }),
  }
}

function oldOutput({ model, outputs }: Network, features: string, wanted: string | undefined): string | undefined {
  const usable = outputs.filter(
    ({ name, type, dims }) =>
      sourceOf(model, name) !== features &&
      type === 'float32' &&
      dims.length === 1 &&
      dims[0]! > 1 &&
      follows(model, name, features),
  )
  if (wanted === undefined) return usable[0]?.name
  if (usable.some(({ name }) => name === wanted)) return wanted
  const names = usable.map(({ name }) => `"${name}"`).join(', ') || 'none'
  throw new InvalidInputError(
    `the network has no classifier "${wanted}" on top of "${features}": its outputs that could be one are ${names}`,
  )
}

/** The value that another only hands on under its own name, as outputs often do. */
function sourceOf(model: Model, value: string): string {
  const node = model.graph.nodes.find(({ op, outputs }) => op === 'Identity' && outputs.includes(value))
  return node === undefined ? value : sourceOf(model, node.inputs[0]!)
}

/** Whether a value is computed from another. */
const follows = (model: Model, value: string, from: string): boolean =>
  cutTo(model, [{ name: value }]).graph.nodes.some(({ outputs }) => outputs.includes(from))

/** Operators that hand on what they are given. */
const PASSING = new Set(['Identity', 'Flatten', 'Reshape', 'Squeeze', 'Cast', 'Dropout'])

function kindOf({ graph }: Model, output: string): OldHead['kind'] {
  let name: string | undefined = output
  for (;;) {
    const node = graph.nodes.find(({ outputs }) => outputs[0] === name)
    if (node?.op === 'Softmax') return 'probabilities'
    if (node === undefined || !PASSING.has(node.op)) return 'logits'
    name = node.inputs[0]
  }
}

/** The part of a network that gives what a head reads, `N × d`: from its input to the features, averaged over places. */
export async function embeddingPart(runtime: Runtime, described: Network): Promise<Model> {
  const { model, embedding } = await tunedNetwork(runtime, described, 2)
  return trainedPart(model, embedding).base!
}
