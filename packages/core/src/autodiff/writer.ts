import type { Attribute, Node } from '../onnx/index.ts'
import { type ElementType, integerTensor, scalarOf, type Tensor } from '../tensor/index.ts'
import type { TypedValue } from './typed-value.ts'

export type Attributes = Readonly<Record<string, Attribute>>

/** What a node gives: its shape, and its type where that is not the first input's. */
export interface OutputForm {
  readonly dims: readonly number[]
  readonly type?: ElementType
}

/** Collects nodes in execution order, with the type and shape of everything they give. */
export interface GraphWriter {
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, Tensor>
  /** Adds a node with outputs of these forms and gives them back; an absent input is undefined. */
  write(
    op: string,
    inputs: readonly (TypedValue | undefined)[],
    forms: readonly OutputForm[],
    attributes?: Attributes,
  ): TypedValue[]
  /** Adds a node whose outputs are named already. */
  append(node: Node): void
  /** A tensor inside the graph; short equal ones are stored once. */
  constant(tensor: Tensor): TypedValue
  /** A scalar. */
  scalar(value: number, type: ElementType): TypedValue
  /** A list of whole numbers, as ONNX takes shapes and axes. */
  integers(values: readonly number[]): TypedValue
  /** A name that nothing in the graph has. */
  fresh(hint: string): string
}

/** The longest constant that is looked up before it is stored again. */
const SHORT = 64

/** An empty graph whose values will have none of the names `taken`. */
export function graphWriter(taken: Iterable<string>): GraphWriter {
  const names = new Set(taken)
  const nodes: Node[] = []
  const initializers = new Map<string, Tensor>()
  const stored = new Map<string, TypedValue>()
  let count = 0

  const fresh = (hint: string): string => {
    let name = `${hint}.${count++}`
    while (names.has(name)) name = `${hint}.${count++}`
    names.add(name)
    return name
  }

  const store = (tensor: Tensor): TypedValue => {
    const result = { name: fresh('constant'), type: tensor.type, dims: tensor.dims }
    initializers.set(result.name, tensor)
    return result
  }

  const writer: GraphWriter = {
    nodes,
    initializers,
    fresh,
    write(op, inputs, forms, attributes = {}) {
      const type = inputs.find((input) => input !== undefined)?.type ?? 'float32'
      const outputs = forms.map((form) => ({ name: fresh(op), type: form.type ?? type, dims: form.dims }))
      const inputNames = inputs.map((input) => input?.name ?? '')
      while (inputNames.at(-1) === '') inputNames.pop()
      const name = outputs[0]!.name
      nodes.push({
        op,
        domain: '',
        name,
        inputs: inputNames,
        outputs: outputs.map((output) => output.name),
        attributes,
      })
      return outputs
    },
    append: (node) => void nodes.push(node),
    constant(tensor) {
      if (tensor.data.length > SHORT) return store(tensor)
      const key = `${tensor.type} ${tensor.dims.join(',')} ${Array.from(tensor.data as ArrayLike<unknown>)
        .map(exactly)
        .join(',')}`
      const found = stored.get(key) ?? store(tensor)
      stored.set(key, found)
      return found
    },
    scalar: (value, type) => writer.constant(scalarOf(value, type)),
    integers: (values) => writer.constant(integerTensor(values)),
  }
  return writer
}

/** `0` and `−0` differ. */
const exactly = (value: unknown): string => (Object.is(value, -0) ? '-0' : String(value))
