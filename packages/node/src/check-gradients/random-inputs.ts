import {
  type Graph,
  InvalidInputError,
  type Model,
  type Random,
  type Runtime,
  sizeOf,
  type Tensor,
  type Tensors,
  type ValueInfo,
} from 'graft-learn'
import { firstOutput } from './loss-problem.ts'
import { shapeText } from './tensor-forms.ts'

/** Sizes that dimensions of no fixed size are given, but for the first of a shape, until the model takes them. */
const SIZES = [2, 8, 32]
/** The same for images and volumes. */
const IMAGE_SIZES = [32, 64, 224]

/** What whole numbers are below where the model shows no table that they choose from, until it takes them. */
const BOUNDS = [10, 2, 1]

/**
 * Random inputs that a model runs on, and what it gives for them: floats normal, whole numbers small enough for the tables
 * that they choose from; `rows` rows where their number is free, 2 of everything else that is (32 in images), or more where the model
 * asks for it. Throws `InvalidInputError` where none is found.
 */
export async function randomInputs(
  runtime: Runtime,
  model: Model,
  rows: number,
  random: Random,
): Promise<{ readonly inputs: Tensors; readonly output: Tensor }> {
  const { inputs } = model.graph
  const attempts = inputs.some(hasFreeSizes) ? SIZES.length : 1
  let reason: unknown
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const bound of inputs.some(isWhole) ? BOUNDS : BOUNDS.slice(0, 1)) {
      const tried = inputs.map((info): [string, Tensor] => [
        info.name,
        randomTensor(
          info,
          [rows, sizesOf(info)[attempt]!],
          tableSize(model.graph, info.name) ?? bound,
          random.fork(info.name),
        ),
      ])
      const values = Object.fromEntries(tried)
      try {
        const output = await firstOutput(runtime, model, values)
        if ((output.data as Float32Array).every(Number.isFinite)) return { inputs: values, output }
        reason ??= new InvalidInputError('the model gives NaN or infinities for random inputs')
      } catch (error) {
        reason ??= error
      }
    }
  }
  const message = reason instanceof Error ? reason.message : String(reason)
  throw new InvalidInputError(`${message}: no random inputs were found that the model takes; give it a --case`)
}

const hasFreeSizes = ({ dims = [] }: ValueInfo): boolean => dims.slice(1).some((dim) => typeof dim !== 'number')

const sizesOf = ({ dims = [] }: ValueInfo): readonly number[] => (dims.length > 3 ? IMAGE_SIZES : SIZES)

const isWhole = ({ type }: ValueInfo): boolean => type === 'int64' || type === 'int32'

function randomTensor(
  { name, type, dims }: ValueInfo,
  [rows, size]: readonly [number, number],
  bound: number,
  random: Random,
): Tensor {
  if (dims === undefined) {
    throw new InvalidInputError(`the model does not say how many dimensions its input "${name}" has: give a --case`)
  }
  const shape = dims.map((dim, i) => (typeof dim === 'number' ? dim : i === 0 ? rows : size))
  const length = sizeOf(shape)
  const whole = () => random.integer(bound)
  switch (type) {
    case 'float32':
      return { type, dims: shape, data: Float32Array.from({ length }, () => random.normal()) }
    case 'float64':
      return { type, dims: shape, data: Float64Array.from({ length }, () => random.normal()) }
    case 'int64':
      return { type, dims: shape, data: BigInt64Array.from({ length }, () => BigInt(whole())) }
    case 'int32':
      return { type, dims: shape, data: Int32Array.from({ length }, whole) }
    case 'bool':
      return { type, dims: shape, data: new Uint8Array(length).fill(1) }
    default:
      throw new InvalidInputError(
        `the model's input "${name}" is ${type ?? 'no tensor'} ${shapeText(dims)}: random values are made as float32, float64, int32, int64 and bool; give a --case`,
      )
  }
}

/** Operators that hand whole numbers on as they are. */
const PASSING = new Set(['Cast', 'Flatten', 'Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'])

/** The length of the shortest stored table that a value's numbers choose rows of. */
function tableSize({ nodes, initializers }: Graph, value: string): number | undefined {
  const same = new Set([value])
  const lengths: number[] = []
  for (const { op, inputs, outputs, attributes } of nodes) {
    const [first = '', second = ''] = inputs
    if (PASSING.has(op) && same.has(first)) same.add(outputs[0]!)
    const table = op === 'Gather' && same.has(second) ? initializers.get(first) : undefined
    const axis = attributes.axis?.type === 'int' ? Number(attributes.axis.value) : 0
    const length = table?.dims.at(axis)
    if (length !== undefined) lengths.push(length)
  }
  return lengths.length === 0 ? undefined : Math.min(...lengths)
}
