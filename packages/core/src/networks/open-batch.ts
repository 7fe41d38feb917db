import { exposeParameters, parametersOf, type Specialised, specialise } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { type Model, upgradeModel, type ValueInfo } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { ElementType, Tensor } from '../tensor/index.ts'
import { withOpenShapes } from './batch-shapes.ts'
import { hideConstants } from './hide-constants.ts'
import { loosenBatch } from './loosen-batch.ts'
import { type NetworkInput, networkInput, probe, zeros } from './network-input.ts'
import { axisOfBatch } from './two-batches.ts'

/** A value that holds one row for each row of the input. */
export interface RowValue {
  readonly type: ElementType
  /** The sizes of one row. */
  readonly dims: readonly number[]
}

/** A network that takes any number of rows, all its other sizes fixed. */
export interface OpenNetwork {
  /**
   * At opset 18 or above, parameters as initialisers (`exposeParameters`), functions and branches written out. Names of
   * values and parameters are the file's. Its `values` tell the shapes.
   */
  readonly model: Model
  readonly input: NetworkInput
  /** Every value whose first dimension is the batch, and no other. */
  readonly rows: ReadonlyMap<string, RowValue>
  /** What it could learn: see `parametersOf`. */
  readonly parameters: readonly string[]
}

/**
 * Brings a model with one input into the form that can be cut, at any number of rows, one that was exported for a fixed
 * number (often 1) too. `dims` are the sizes of a row where the file leaves them open. The model is run with two and with
 * three rows of zeros; one of a fixed number also with that, to see that it still gives the same. Throws
 * `InvalidInputError` where it cannot be run, or cannot be brought to run with other numbers of rows.
 */
export async function openBatch(
  runtime: Runtime,
  model: Model,
  { dims }: { readonly dims?: readonly number[] | undefined } = {},
): Promise<OpenNetwork> {
  const plain = exposeParameters(upgradeModel(model))
  const { batch, ...input } = networkInput(plain, dims)
  const asWritten = { ...plain, graph: { ...plain.graph, values: [] } }
  if (batch === undefined) {
    const open = await opened(runtime, plain, input).catch((error: unknown) => ({ error }))
    if (!('error' in open) && open.model.graph.outputs.every(({ name }) => open.rows.has(name))) return open
    const rescued = await loosened(runtime, asWritten, input, 1).catch(() => undefined)
    if (rescued !== undefined) return rescued
    if ('error' in open) throw open.error
    return open
  }
  return loosened(runtime, asWritten, input, batch).catch(async (error: unknown) => {
    const open = await opened(runtime, plain, input).catch(() => undefined)
    if (open !== undefined && (await agrees(runtime, asWritten, open, batch))) return open
    throw error
  })
}

async function opened(runtime: Runtime, plain: Model, input: NetworkInput): Promise<OpenNetwork> {
  const open = withRows(plain, input)
  const parameters = parametersOf(open)
  const at = (rows: number): Promise<Specialised> => specialisedAt(runtime, open, input, rows, parameters)
  const [two, three] = [await at(2), await at(3)]
  const shaped = withOpenShapes(two, three, input.name)
  const hidden = hideConstants(withRows(shaped, input), open.graph.initializers)
  return { ...described(hidden, input, two, three), parameters }
}

/** Takes a fixed number of rows out of a model. */
async function loosened(runtime: Runtime, plain: Model, input: NetworkInput, rows: number): Promise<OpenNetwork> {
  const fixed = await specialisedAt(runtime, plain, input, rows, parametersOf(plain))
  const loose = hideConstants(loosenBatch(fixed, input.name, rows), plain.graph.initializers)
  const open = await opened(runtime, loose, input).catch((error: unknown) => Promise.reject(fixedBatch(rows, error)))
  if (await agrees(runtime, plain, open, rows)) return open
  throw fixedBatch(rows, 'with more rows it gives something else')
}

const fixedBatch = (rows: number, reason: unknown): InvalidInputError =>
  new InvalidInputError(
    `the model is made for ${rows === 1 ? 'one row' : `${rows} rows`} at a time and cannot be brought to take any number (${reason instanceof Error ? reason.message : reason}): export it again with an open batch`,
  )

const specialisedAt = (
  runtime: Runtime,
  model: Model,
  { name, type, dims }: NetworkInput,
  rows: number,
  parameters: readonly string[],
): Promise<Specialised> => specialise(runtime, model, { [name]: zeros(type, [rows, ...dims]) }, new Set(parameters))

/** Whether an opened model gives for two batches at once what the one before gives for each. */
async function agrees(runtime: Runtime, before: Model, after: OpenNetwork, rows: number): Promise<boolean> {
  const { name, type, dims } = after.input
  const both = probe(type, [2 * rows, ...dims])
  const half = both.data.length / 2
  const outputs = after.model.graph.outputs.filter((output) => after.rows.has(output.name))
  if (outputs.length < after.model.graph.outputs.length) return false
  const together = await runtime.run(after.model, { [name]: both })
  for (const part of [0, 1]) {
    const data = both.data.slice(part * half, (part + 1) * half)
    const apart = await runtime.run(before, { [name]: { ...both, dims: [rows, ...dims], data } as Tensor })
    for (const output of outputs) if (!isPart(apart[output.name]!, together[output.name]!, part)) return false
  }
  return true
}

/** How far numbers may be apart that two graphs of the same meaning give, relative to the largest. */
const TOLERANCE = 1e-3

function isPart(part: Tensor, whole: Tensor, index: number): boolean {
  const [a, b] = [part, whole].map(({ data }) => Array.from(data as ArrayLike<number | bigint>, Number))
  if (2 * a!.length !== b!.length) return false
  const largest = a!.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6)
  return a!.every((value, i) => !(Math.abs(value - b![index * a!.length + i]!) > TOLERANCE * largest))
}

/** The model with an open number of rows in its input. */
const withRows = (model: Model, { name, type, dims }: NetworkInput): Model => ({
  ...model,
  graph: { ...model.graph, inputs: [{ name, type, dims: ['N', ...dims] }], values: [] },
})

function described(
  model: Model,
  input: NetworkInput,
  two: Specialised,
  three: Specialised,
): Omit<OpenNetwork, 'parameters'> {
  const { graph } = model
  const known = new Set(two.model.graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== '')))
  const rows = new Map<string, RowValue>([[input.name, { type: input.type, dims: input.dims }]])
  const infoOf = (name: string): ValueInfo => {
    const [{ type, dims }, other] = [two.valueOf(name), three.valueOf(name)]
    const { axis, factor } = axisOfBatch(dims, other.dims) ?? {}
    if (axis === 0 && factor === 1) rows.set(name, { type, dims: dims.slice(1) })
    if (axis === undefined) return { name, type, dims: dims.map((size, i) => (size === other.dims[i] ? size : null)) }
    return { name, type, dims: dims.map((size, i) => (i === axis ? (factor === 1 ? 'N' : null) : size)) }
  }
  const values = [...known].map(infoOf)
  const byName = new Map(values.map((value) => [value.name, value]))
  const outputs = graph.outputs.map(({ name }) => {
    const found = byName.get(name)
    if (found === undefined) {
      throw new InvalidInputError(`the output "${name}" does not depend on the input "${input.name}": leave it out`)
    }
    return found
  })
  const results = new Set(outputs.map(({ name }) => name))
  return {
    model: { ...model, graph: { ...graph, outputs, values: values.filter(({ name }) => !results.has(name)) } },
    input,
    rows,
  }
}
