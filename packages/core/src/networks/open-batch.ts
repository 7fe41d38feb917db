import { exposeParameters, parametersOf, type Specialised, specialise } from '../autodiff/index.ts'
import { InvalidInputError } from '../errors.ts'
import { type Model, upgradeModel, type ValueInfo } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { ElementType } from '../tensor/index.ts'
import { withOpenShapes } from './batch-shapes.ts'
import { type NetworkInput, networkInput, zeros } from './network-input.ts'
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
 * Brings a model with one input into the form that can be cut, at any number of rows. `dims` are the sizes of a row where
 * the file leaves them open. The model is run with two and with three rows of zeros. Throws `InvalidInputError` where it
 * cannot be run.
 */
export async function openBatch(
  runtime: Runtime,
  model: Model,
  { dims }: { readonly dims?: readonly number[] | undefined } = {},
): Promise<OpenNetwork> {
  const plain = exposeParameters(upgradeModel(model))
  const { batch: _, ...input } = networkInput(plain, dims)
  const open = withRows(plain, input)
  const parameters = parametersOf(open)
  const variable = new Set(parameters)
  const at = (rows: number): Promise<Specialised> =>
    specialise(runtime, open, { [input.name]: zeros(input.type, [rows, ...input.dims]) }, variable)
  const [two, three] = [await at(2), await at(3)]
  const shaped = withRows(withOpenShapes(two, three, input.name), input)
  return { ...described(shaped, input, two, three), parameters }
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
